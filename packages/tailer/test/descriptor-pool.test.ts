import { describe, expect, it } from 'vitest';

import { DescriptorPool, type DescriptorHolder } from '../src/descriptor-pool.ts';

class Holder implements DescriptorHolder {
  parkable = true;
  parked = 0;
  readonly #pool: DescriptorPool;

  constructor(pool: DescriptorPool) {
    this.#pool = pool;
    pool.use(this);
  }

  park(): void {
    this.parked += 1;
    this.#pool.drop(this);
  }
}

describe('DescriptorPool', () => {
  it('closes the least recently used descriptor for one too many', () => {
    const pool = new DescriptorPool(2);
    const [a, b] = [new Holder(pool), new Holder(pool)];
    pool.use(a);
    const c = new Holder(pool);
    expect([a.parked, b.parked, c.parked]).toEqual([0, 1, 0]);
    expect(pool.size).toBe(2);
  });

  it('passes over descriptors that are still needed', () => {
    const pool = new DescriptorPool(1);
    const a = new Holder(pool);
    a.parkable = false;
    const b = new Holder(pool);
    const c = new Holder(pool);
    expect([a.parked, b.parked, c.parked]).toEqual([0, 1, 0]);
  });

  it('says whether it could make room', () => {
    const pool = new DescriptorPool();
    const a = new Holder(pool);
    expect(pool.makeRoom(a)).toBe(false);
    expect(pool.makeRoom(new Holder(pool))).toBe(true);
    expect(a.parked).toBe(1);
  });
});
