import { describe, expect, it } from 'vitest';
import { LANES } from '../src/cadence.ts';
import { CostLedger } from '../src/cost-ledger.ts';
import { SyncLookCost } from '../src/look-cost.ts';
import { Pacer, type LaneCounts, type Purse } from '../src/pacer.ts';
import { RaisedLevel } from '../src/raised-level.ts';

const pace = { intervalMs: 1000, maxIntervalMs: 4000, budget: 0.02 };
const newPurse = (): Purse => ({ ledger: new CostLedger(), overdraft: new RaisedLevel() });
const newPacer = (purse: Purse): Pacer => new Pacer('/w', pace, () => new SyncLookCost(), purse);
const cold = (count: number): LaneCounts => ({ hot: 0, warm: 0, cold: count });

/** A sweep of every lane from 0 ms on. */
const sweep = (endedAt: number, reads = 0, cpuMs = 0): Parameters<Pacer['swept']>[0] => ({
  lanes: LANES,
  reads,
  cpuMs,
  startedAt: 0,
  endedAt,
});

describe('Pacer', () => {
  it('sweeps again an interval after the end of a sweep', () => {
    const pacer = newPacer(newPurse());
    expect(pacer.swept(sweep(300), cold(5))).toBe(undefined);
    expect(pacer.next(cold(5))).toBe(1300);
    expect(pacer.dueAt(1299)).not.toContain('cold');
    expect(pacer.dueAt(1300)).toEqual(LANES);
  });

  it('spends one budget with all others, and gets their share when they close', () => {
    const purse = newPurse();
    const [first, second] = [newPacer(purse), newPacer(purse)];
    first.swept(sweep(0), cold(1000));
    expect(first.dueAt(1000)).toContain('cold');
    second.swept(sweep(0), cold(1000));
    first.swept(sweep(0), cold(1000));
    expect(first.dueAt(1000)).not.toContain('cold');
    expect(first.dueAt(1600)).toContain('cold');
    second.close();
    first.swept(sweep(0), cold(1000));
    expect(first.dueAt(1000)).toContain('cold');
  });

  it('does not take the first sweep, which makes the table, for the cost of a look', () => {
    const pacer = newPacer(newPurse());
    pacer.swept(sweep(0, 1000, 1000), cold(1000));
    expect(pacer.dueAt(1000)).toContain('cold');
    pacer.swept(sweep(0, 1000, 1000), cold(1000));
    expect(pacer.dueAt(1000)).not.toContain('cold');
  });

  it('does not take what dear looks at a few changing entries cost for the price of all', () => {
    const pacer = newPacer(newPurse());
    const counts = { hot: 100, warm: 0, cold: 10_000 };
    pacer.swept(sweep(0), counts);
    const told = Array.from({ length: 16 }, () =>
      pacer.swept({ ...sweep(0, 100, 3), lanes: ['hot'] }, counts),
    );
    expect(told.every((problem) => problem === undefined)).toBe(true);
  });

  it('tells once that more must be looked at than the budget pays for', () => {
    const purse = newPurse();
    const [pacer, other] = [newPacer(purse), newPacer(purse)];
    const many = cold(50_000);
    expect(pacer.swept(sweep(0), many)).toMatchObject({
      code: 'ERR_WATCH_TIMEOUT',
      effect: 'noted',
      paths: ['/w'],
      message: expect.stringMatching(
        /^Polling 50000 entries below \/w takes 5 % of one CPU, with a budget of 2 %; .* 4000 ms/u,
      ),
    });
    expect(pacer.swept(sweep(0), many)).toBe(undefined);
    expect(other.swept(sweep(0), cold(1))).toBe(undefined);
  });

  it('tells how late a change is found where no more CPU time is to be had', () => {
    const pacer = newPacer(newPurse());
    const problem = pacer.swept(sweep(0), cold(1_000_000));
    expect(problem?.message).toMatch(/takes 10 % of one CPU.* after 40000 ms at the latest/u);
  });

  it('tells when sweeps take longer than a change may take to be found, and anew after it was well', () => {
    const pacer = newPacer(newPurse());
    const codes = [9000, 9000, 10, 9000, 9000, 9000, 10, 9000, 9000].map(
      (took) => pacer.swept(sweep(took), cold(10))?.code,
    );
    // The first makes the table; one slow sweep is no fact yet.
    const told = 'ERR_WATCH_TIMEOUT';
    const none = undefined;
    expect(codes).toEqual([none, none, none, none, told, none, none, none, told]);
  });

  it('tells once of a sweep that does not end', () => {
    const pacer = newPacer(newPurse());
    expect(pacer.isStuck(pacer.promisedMs)).toBe(true);
    expect(pacer.isStuck(pacer.promisedMs)).toBe(false);
  });
});
