import { describe, expect, it } from 'vitest';
import { LANES, type LaneCounts } from '../src/cadence.ts';
import { CostLedger } from '../src/cost-ledger.ts';
import { SyncLookCost } from '../src/look-cost.ts';
import { OVERDRAFT_MARGIN, Pacer, type Purse } from '../src/pacer.ts';
import { RaisedLevel } from '../src/raised-level.ts';
import { SweepPrices } from '../src/sweep-prices.ts';

const pace = { intervalMs: 1000, maxIntervalMs: 4000, budget: 0.02 };
const newPurse = (): Purse => ({ ledger: new CostLedger(), overdraft: new RaisedLevel() });
const newPrices = (): SweepPrices => new SweepPrices(() => new SyncLookCost());
const newPacer = (purse: Purse): Pacer => new Pacer('/w', pace, newPrices(), purse);
/** The lanes that are due, and those that may come along. */
const dueAt = (pacer: Pacer, now: number): readonly string[] => pacer.schedule.readyAt(now);
const cold = (count: number): LaneCounts => ({ hot: 0, warm: 0, cold: count });

/** A sweep of every lane from 0 ms on. */
const sweep = (endedAt: number): Parameters<Pacer['swept']>[0] => ({
  lanes: LANES,
  startedAt: 0,
  endedAt,
});

describe('Pacer', () => {
  it('sweeps again an interval after the end of a sweep', () => {
    const pacer = newPacer(newPurse());
    expect(pacer.swept(sweep(300), cold(5))).toBe(undefined);
    expect(pacer.schedule.nextDue(cold(5))).toBe(1300);
    expect(dueAt(pacer, 1000)).not.toContain('cold');
    expect(dueAt(pacer, 1300)).toEqual(LANES);
  });

  it('spends one budget with all others, and gets their share when they close', () => {
    const purse = newPurse();
    const [first, second] = [newPacer(purse), newPacer(purse)];
    first.swept(sweep(0), cold(1000));
    expect(dueAt(first, 1000)).toContain('cold');
    second.swept(sweep(0), cold(1000));
    first.swept(sweep(0), cold(1000));
    expect(dueAt(first, 1000)).not.toContain('cold');
    expect(dueAt(first, 1600)).toContain('cold');
    second.close();
    first.swept(sweep(0), cold(1000));
    expect(dueAt(first, 1000)).toContain('cold');
  });

  it('tells once that more must be looked at than the budget pays for, for all subscriptions together', () => {
    const purse = newPurse();
    const [pacer, other] = [newPacer(purse), newPacer(purse)];
    const many = cold(50_000);
    expect(other.swept(sweep(0), cold(1))).toBe(undefined);
    expect(pacer.swept(sweep(0), many)).toMatchObject({
      code: 'ERR_WATCH_LIMIT_WATCHES',
      effect: 'noted',
      paths: [],
      message: expect.stringMatching(
        /^polling 50001 entries of 2 subscriptions takes 5 % of one CPU, with a budget of 2 %; .* in time/u,
      ),
    });
    expect(pacer.swept(sweep(0), many)).toBe(undefined);
    expect(other.swept(sweep(0), cold(1))).toBe(undefined);
  });

  it('says nothing while the budget is overdrawn by no more than prices waver', () => {
    const codes = [OVERDRAFT_MARGIN * 0.99, OVERDRAFT_MARGIN * 1.01].map(
      // Everything once in the longest interval, at 4 µs a look, is worth the budget at 20,000.
      (share) => newPacer(newPurse()).swept(sweep(0), cold(20_000 * share))?.code,
    );
    expect(codes).toEqual([undefined, 'ERR_WATCH_LIMIT_WATCHES']);
  });

  it('tells how late a change is found where no more CPU time is to be had', () => {
    const pacer = newPacer(newPurse());
    const problem = pacer.swept(sweep(0), cold(1_000_000));
    expect(problem?.message).toMatch(
      /^A change below \/w is found after 40000 ms at the latest: polling 1000000 entries .* 10 % of one CPU/u,
    );
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
