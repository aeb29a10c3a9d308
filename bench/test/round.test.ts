import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { runRound, type Performance } from '../harness/round.ts';

/** Does what its name says: see there. */
const ENTRY = join(import.meta.dirname, 'children', 'contestant.ts');

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'bench-round-'));
  mkdirSync(join(place, 'files'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

async function run(contestants: readonly string[], deadlineMs = 20_000): Promise<Performance[]> {
  const told: Performance[] = [];
  const done = await runRound(
    contestants,
    { group: 'example', size: 1, seed: 1, quick: true, directory: join(place, 'files') },
    { entry: ENTRY, execArgv: ['--disable-warning=ExperimentalWarning'], deadlineMs },
    (performance) => told.push(performance),
  );
  expect(told).toEqual(done);
  return done;
}

const outcomes = (done: readonly Performance[]) =>
  Object.fromEntries(done.map(({ contestant, outcome }) => [contestant, outcome]));

describe('a round', () => {
  it('runs one contestant after the other', async () => {
    const done = await run(['alone', 'alone too']);
    const spans = done.map(({ outcome }) => (outcome.type === 'done' ? outcome.figures : {}));
    expect(spans).toHaveLength(2);
    expect(spans[1]?.['began']).toBeGreaterThanOrEqual(spans[0]?.['ended'] ?? Infinity);
  });

  it('runs a phase together once all have come that far, and the rest alone again', async () => {
    const done = await run(['together one', 'together two', 'alone']);
    const [alone, first, second] = done.map(({ outcome }) =>
      outcome.type === 'done' ? outcome.figures : {},
    );
    const order = done.map(({ contestant }) => contestant);
    expect(order).toEqual(['alone', 'together one', 'together two']);
    for (const one of [first, second]) {
      expect(one?.['met']).toBeGreaterThanOrEqual(alone?.['ended'] ?? Infinity);
    }
    expect([first?.['alone'], second?.['alone']]).toEqual([0, 0]);
    expect(second?.['began']).toBeGreaterThanOrEqual(first?.['ended'] ?? Infinity);
  });

  it('goes on without who fails, and says why', async () => {
    const done = await run(['throws', 'exits', 'dies together', 'together', 'alone']);
    expect(outcomes(done)).toMatchObject({
      throws: { type: 'failed', reason: 'out of watches' },
      exits: { type: 'failed', reason: 'ended by exit code 3' },
      'dies together': { type: 'failed', reason: 'ended by exit code 4' },
      together: { type: 'done' },
      alone: { type: 'done' },
    });
  });

  it('ends who takes too long', async () => {
    const done = await run(['hangs'], 300);
    expect(outcomes(done)).toEqual({ hangs: { type: 'failed', reason: 'not done after 0.3 s' } });
  });

  it('gives each a directory of its own, and leaves none behind', async () => {
    const done = await run(['alone', 'throws']);
    expect(outcomes(done)['alone']).toMatchObject({ figures: { own: 1 } });
    expect(readdirSync(place)).toEqual(['files']);
  });
});
