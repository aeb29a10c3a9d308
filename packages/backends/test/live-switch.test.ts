import { describe, expect, it } from 'vitest';
import { switchUnderPrograms, TIMEOUT_MS, WAYS } from './support/switching.ts';

/** Programs of one way that run at once: much of the time is waiting for a backend. */
const LANES = 5;

describe('a live switch under random programs', () => {
  it.each(WAYS.filter((way) => !way.includes('native')))(
    'between %s and %s loses nothing and invents nothing',
    async (from, to) => {
      const { made, due } = await switchUnderPrograms(from, to, LANES);
      expect(made).toBeGreaterThanOrEqual(due);
    },
    TIMEOUT_MS,
  );
});
