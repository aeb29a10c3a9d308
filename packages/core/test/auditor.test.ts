import { describe, expect, it } from 'vitest';
import { toAbsPath } from '../src/abs-path.ts';
import type { Audited } from '../src/audited.ts';
import { Auditor } from '../src/auditor.ts';
import type { Clock } from '../src/clock.ts';
import { SLICE_MS } from '../src/examiner.ts';
import { SlowLane, statAll } from '../src/look.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';

const steps = 5;

let begun = false;

/** A scope whose first audit is overdue at once, and takes some steps. */
const scope: Audited = {
  slow: false,
  size: steps,
  get auditIntervalMs() {
    return begun ? 1e9 : 1;
  },
  auditAuto: false,
  graceMs: 0,
  comparable: true,
  *audit() {
    begun = true;
    for (let step = 0; step < steps; step++) yield* statAll([toAbsPath('/')]);
  },
  known: () => null,
  lookAtHot: () => undefined,
  reread: () => Promise.resolve(false),
};

describe('an audit that takes more than a slice', () => {
  it('goes on in the next turn, and never keeps the process alive', async () => {
    const manual = createManualClock();
    let now = 0;
    let referenced = 0;
    let armed = 0;
    const clock: Clock = {
      ...manual,
      now: () => (now += SLICE_MS / 2),
      setTimeout(fn, ms) {
        const timer = manual.setTimeout(fn, ms);
        armed++;
        referenced++;
        return { ...timer, unref: () => void referenced-- };
      },
    };
    const counts = { audits: 0 };
    const auditor = new Auditor(clock, new SlowLane(), counts);
    auditor.add(scope);
    auditor.beat(1);
    expect([armed, referenced, counts.audits]).toEqual([1, 0, 0]);
    await manual.advance(0);
    expect([counts.audits, referenced]).toEqual([1, 0]);
    expect(armed).toBeGreaterThan(1);
    auditor.remove(scope);
    expect(manual.pending).toBe(0);
  });
});
