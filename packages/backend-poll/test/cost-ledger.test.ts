import { expect, it } from 'vitest';
import { CostLedger } from '../src/cost-ledger.ts';

it('adds up the latest costs of every owner', () => {
  const ledger = new CostLedger();
  const [a, b] = [{}, {}];
  ledger.charge(a, { hot: 1, warm: 2, cold: 3 }, { hot: 1, warm: 2, cold: 3 });
  ledger.charge(b, { hot: 10, warm: 20, cold: 30 }, { hot: 1, warm: 2, cold: 3 });
  ledger.charge(a, { hot: 0, warm: 4, cold: 4 }, { hot: 1, warm: 2, cold: 3 });
  expect(ledger.totals).toEqual({ hot: 10, warm: 24, cold: 34 });
  expect([ledger.entries, ledger.owners]).toEqual([12, 2]);
  ledger.release(b);
  ledger.release(b);
  expect(ledger.totals).toEqual({ hot: 0, warm: 4, cold: 4 });
  expect([ledger.entries, ledger.owners]).toEqual([6, 1]);
  ledger.release(a);
  expect(ledger.totals).toEqual({ hot: 0, warm: 0, cold: 0 });
});
