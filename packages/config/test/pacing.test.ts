import { describe, expect, test } from 'vitest';
import {
  dueAt,
  hinted,
  loadEnded,
  lookBegun,
  lookDemanded,
  lookWanted,
  restingPace,
} from '../src/pacing.ts';
import type { Pace } from '../src/pacing.ts';
import { resolveTiming } from '../src/timing.ts';

const timing = resolveTiming({ settleMs: 200, maxWaitMs: 1500, minIntervalMs: 1000 });

type Step = (pace: Pace) => Pace;
const hint =
  (at: number): Step =>
  (pace) =>
    hinted(pace, at);
const want =
  (at: number): Step =>
  (pace) =>
    lookWanted(pace, at);
const demand =
  (at: number): Step =>
  (pace) =>
    lookDemanded(pace, at);
const ended =
  (at: number): Step =>
  (pace) =>
    loadEnded(pace, at, timing);

const cases: readonly [title: string, steps: readonly Step[], due: number | undefined][] = [
  ['nothing is due at rest', [], undefined],
  ['a hint waits for quiet', [hint(0)], 200],
  ['every hint starts the quiet time anew', [hint(0), hint(150), hint(300)], 500],
  ['hints that never end wait no longer than the ceiling', [hint(0), hint(1400)], 1500],
  ['a look answers the hints before it', [hint(0), lookBegun], undefined],
  ['a hint after a look has a ceiling of its own', [hint(0), lookBegun, hint(1600)], 1800],
  ['a proof does not wait for quiet', [hint(0), want(50)], 50],
  ['the earlier of two proofs stands', [want(70), want(90)], 70],
  ['a load keeps the next one away', [ended(1000), hint(1100)], 2000],
  ['a hint long after a load is not kept away', [ended(1000), hint(5000)], 5200],
  ['the distance survives a look', [ended(1000), lookBegun, hint(1100)], 2000],
  ['a caller does not wait for the distance', [ended(1000), demand(1100)], 1100],
];

describe('pace', () => {
  test.each(cases)('%s', (_title, steps, due) => {
    expect(
      dueAt(
        steps.reduce((pace, step) => step(pace), restingPace),
        timing,
      ),
    ).toBe(due);
  });
});
