import { describe, expect, it } from 'vitest';
import { switchUnderPrograms, TIMEOUT_MS, WAYS } from './support/switching.ts';

/** @parcel/watcher keeps what it knew of a tree while anything else in the process is watched through it. */
const LANES = 1;

describe('a live switch to or from the native backend under random programs', () => {
  it.each(WAYS.filter((way) => way.includes('native')))(
    'between %s and %s loses nothing and invents nothing',
    async (from, to) => {
      const { made, due } = await switchUnderPrograms(from, to, LANES);
      expect(made).toBeGreaterThanOrEqual(due);
    },
    TIMEOUT_MS,
  );
});
