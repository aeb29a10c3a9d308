import { describe, it } from 'vitest';
import { expectToAddUp } from './support/differential.ts';

describe('what is told of a tree', () => {
  it('always adds up to what an independent walk finds', { timeout: 120_000 }, async () => {
    await expectToAddUp(150);
  });
});
