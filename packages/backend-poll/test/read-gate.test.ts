import { createManualClock } from '@watchkeeper/core/testing';
import { describe, expect, it } from 'vitest';
import { ANSWERING_MS, POOL_THREADS, ReadGate, readsAtOnce } from '../src/read-gate.ts';
import { ReadLane } from '../src/read-lane.ts';

/** Reads that end when a test says so, in the order in which they were started. */
class Reads {
  readonly clock = createManualClock();
  readonly started: string[] = [];
  readonly #ends = new Map<string, () => void>();

  start(lane: ReadLane, name: string): Promise<string | undefined> {
    return lane.run(() => {
      this.started.push(name);
      return new Promise((resolve) => {
        this.#ends.set(name, () => resolve(name));
      });
    });
  }

  async end(name: string): Promise<void> {
    this.#ends.get(name)?.();
    await this.clock.advance(0);
  }
}

describe('readsAtOnce', () => {
  it.each([
    [undefined, POOL_THREADS - 1],
    ['', POOL_THREADS - 1],
    ['16', 15],
    ['1', 1],
  ])('leaves a thread of a pool of %s free', (size, expected) => {
    expect(readsAtOnce(size)).toBe(expected);
  });
});

describe('ReadGate', () => {
  it('gives a device a second read only while it answers', async () => {
    const reads = new Reads();
    const lane = new ReadLane(new ReadGate(3), 'a', reads.clock);
    void reads.start(lane, 'a1');
    void reads.start(lane, 'a2');
    void reads.start(lane, 'a3');
    void reads.start(lane, 'a4');
    await reads.clock.advance(0);
    expect(reads.started).toEqual(['a1']);
    await reads.end('a1');
    expect(reads.started).toEqual(['a1', 'a2', 'a3']);
    await reads.clock.advance(ANSWERING_MS);
    await reads.end('a2');
    expect(reads.started).toEqual(['a1', 'a2', 'a3', 'a4']);
  });

  it('lets no dead device use up the share of the others', async () => {
    const reads = new Reads();
    const gate = new ReadGate(3);
    const dead = [1, 2].map(() => new ReadLane(gate, 'dead', reads.clock));
    for (const lane of dead) void reads.start(lane, 'dead');
    const alive = new ReadLane(gate, 'alive', reads.clock);
    for (const name of ['1', '2', '3']) {
      void reads.start(alive, name);
      await reads.clock.advance(ANSWERING_MS * 2);
      await reads.end(name);
    }
    expect(reads.started).toEqual(['dead', '1', '2', '3']);
  });

  it('never lets more reads run than the limit, whatever the number of devices', async () => {
    const reads = new Reads();
    const gate = new ReadGate(3);
    for (const device of ['a', 'b', 'c', 'd']) {
      void reads.start(new ReadLane(gate, device, reads.clock), device);
    }
    await reads.clock.advance(0);
    expect(reads.started).toEqual(['a', 'b', 'c']);
    await reads.end('b');
    expect(reads.started).toEqual(['a', 'b', 'c', 'd']);
  });

  it('gives room back after a failure', async () => {
    const reads = new Reads();
    const lane = new ReadLane(new ReadGate(1), 'a', reads.clock);
    await expect(lane.run(() => Promise.reject(new Error('no answer')))).rejects.toThrow(
      'no answer',
    );
    await expect(lane.run(() => Promise.resolve('answer'))).resolves.toBe('answer');
  });
});

describe('ReadLane', () => {
  it('turns away what waits when it is closed, and lets go on what is under way', async () => {
    const reads = new Reads();
    const gate = new ReadGate(3);
    const lane = new ReadLane(gate, 'a', reads.clock);
    const running = reads.start(lane, 'running');
    const waiting = reads.start(lane, 'waiting');
    await reads.clock.advance(0);
    lane.close();
    await expect(waiting).resolves.toBe(undefined);
    await expect(reads.start(lane, 'late')).resolves.toBe(undefined);
    await reads.end('running');
    await expect(running).resolves.toBe('running');
    expect(reads.started).toEqual(['running']);
  });

  it('counts to the device it moved to', async () => {
    const reads = new Reads();
    const gate = new ReadGate(3);
    const [first, second] = ['x', 'y'].map((root) => new ReadLane(gate, root, reads.clock));
    first?.moveTo('device 7');
    second?.moveTo('device 7');
    if (first !== undefined) void reads.start(first, 'first');
    if (second !== undefined) void reads.start(second, 'second');
    await reads.clock.advance(0);
    expect(reads.started).toEqual(['first']);
  });
});
