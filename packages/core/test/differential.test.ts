import { describe, expect, it } from 'vitest';
import { firstContradiction, type Consumer } from './support/differential.ts';

const consumers: readonly Consumer[] = [
  { renames: 'split', by: 'listener' },
  { renames: 'pair', by: 'listener' },
  { renames: 'split', by: 'iterator' },
  { renames: 'pair', by: 'iterator' },
];

describe('what is told of a tree', () => {
  it.each(consumers)(
    'always adds up to what an independent walk finds: renames $renames, by $by',
    { timeout: 120_000 },
    async (consumer) => {
      expect(await firstContradiction(consumer, 150)).toBeUndefined();
    },
  );
});
