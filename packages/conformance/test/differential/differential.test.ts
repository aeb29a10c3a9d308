import { PathWatcher } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import {
  createFaultBackend,
  differential,
  DifferentialError,
  type Faults,
} from '../../src/index.ts';

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

function watcherWith(faults: Partial<Faults>): () => PathWatcher {
  return () => {
    const backend = createFaultBackend();
    Object.assign(backend.faults, faults);
    return new PathWatcher({ backends: [backend], fallback: 'none' });
  };
}

async function failureWith(faults: Partial<Faults>): Promise<DifferentialError> {
  const failure: unknown = await differential({ createWatcher: watcherWith(faults), seeds }).catch(
    (error: unknown) => error,
  );
  if (!(failure instanceof DifferentialError)) throw new Error('nothing was found');
  return failure;
}

describe('differential', () => {
  it('finds nothing wrong with the reference', async () => {
    const report = await differential({ createWatcher: watcherWith({}), seeds });
    expect(report).toMatchObject({ programs: 40, comparisons: 320 });
  });

  it('names the seed and a small program when one name is lost', async () => {
    const failure = await failureWith({ lose: ({ path }) => path.endsWith('/b') });
    expect(failure.message).toContain(`WATCHKEEPER_TEST_SEED=${failure.seed}`);
    expect(failure.message).toContain('b: ');
    // One step before the watch is there, and one operation that is not told.
    expect(failure.program?.flat().length).toBeLessThanOrEqual(3);
  });

  it.each<Partial<Faults>>([{ lie: true }, { delay: true }])('finds %o', async (faults) => {
    const failure = await failureWith(faults);
    expect(failure.program).not.toBeNull();
  });

  it('lets operations go on while something happens between them', async () => {
    const steps = new Set<string>();
    await differential({
      createWatcher: watcherWith({}),
      seeds: [1, 2],
      between: async ({ seed, index, watch }) => {
        expect(watch.state).toBe('live');
        await new Promise(setImmediate);
        steps.add(`${seed}.${index}`);
      },
    });
    expect(steps.size).toBe(2 * 7);
  });

  it('says what rejected between two operations', async () => {
    const between = (): Promise<void> => Promise.reject(new Error('no switch'));
    const running = differential({ createWatcher: watcherWith({}), seeds: [1], between });
    await expect(running).rejects.toThrow(/Seed 1, after step 2[^]*no switch/);
  });

  it('gives up on what takes too long, with the seed', async () => {
    const between = (): Promise<void> => new Promise(() => {});
    const options = { createWatcher: watcherWith({}), seeds: [9], deadlineMs: 20, between };
    await expect(differential(options)).rejects.toThrow(/Seed 9[^]*longer than 20 ms/);
  });
});
