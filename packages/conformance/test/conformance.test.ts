import { describe, expect, it } from 'vitest';
import { backendConformance, conformanceCaseNames, createFaultBackend } from '../src/index.ts';
import { CollectingRunner } from './collecting-runner.ts';

/** Enough to meet every kind of operation; the backends run the rest. */
const SEEDS = 30;

/** All cases, one after another. */
const ALL_TIMEOUT_MS = 180_000;

async function failures(createBackend: typeof createFaultBackend): Promise<readonly unknown[]> {
  const runner = new CollectingRunner();
  backendConformance(runner, () => createBackend(), { seeds: SEEDS });
  const failed: unknown[] = [];
  for (const name of runner.names) {
    const outcome = await runner.run(name);
    if (typeof outcome === 'object' && 'failed' in outcome) failed.push([name, outcome.failed]);
  }
  return failed;
}

describe('the cases', () => {
  it('have names of their own', () => {
    const runner = new CollectingRunner();
    backendConformance(runner, () => createFaultBackend());
    expect(new Set(conformanceCaseNames()).size).toBe(conformanceCaseNames().length);
    expect(runner.names).toEqual(conformanceCaseNames());
  });

  it('pass on the reference', { timeout: ALL_TIMEOUT_MS }, async () => {
    expect(await failures(createFaultBackend)).toEqual([]);
  });

  it(
    'pass on evidence that is spurious, repeated and out of order, as the contract allows',
    { timeout: ALL_TIMEOUT_MS },
    async () => {
      const createBackend: typeof createFaultBackend = (differing) => {
        const backend = createFaultBackend(differing);
        Object.assign(backend.faults, { duplicate: true, reorder: true });
        return backend;
      };
      expect(await failures(createBackend)).toEqual([]);
    },
  );
});

describe('relaxed cases', () => {
  it('are skipped with the reason given', async () => {
    const runner = new CollectingRunner();
    const relax = { burst: 'a queue of four' };
    backendConformance(runner, () => createFaultBackend(), { relax });
    expect(await runner.run('burst')).toEqual({ skipped: 'a queue of four' });
  });

  it('must exist', () => {
    const relax = { 'no-such-case': 'a slip' };
    expect(() =>
      backendConformance(new CollectingRunner(), () => createFaultBackend(), { relax }),
    ).toThrow(/option "relax" must name cases of the kit, got no-such-case/);
  });
});
