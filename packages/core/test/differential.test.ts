import { describe, expect, it } from 'vitest';
import { firstContradiction } from './support/differential.ts';

describe('what is told of a tree', () => {
  it('always adds up to what an independent walk finds', { timeout: 120_000 }, async () => {
    expect(await firstContradiction(150)).toBeUndefined();
  });
});
