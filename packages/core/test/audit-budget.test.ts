import { describe, expect, it } from 'vitest';
import { AuditBudget, AUDIT_SHARE, MAX_AUTO_AUDIT_MS, MAX_CREDIT_MS } from '../src/audit-budget.ts';
import { BEAT_MS } from '../src/heartbeat.ts';

/** Works whenever it may, in pieces that cost `pieceMs`; gives the share of the time that was spent. */
function shareOf(pieceMs: number, demandMs: number): number {
  const budget = new AuditBudget();
  const beats = 100_000;
  let spent = 0;
  for (let beat = 0; beat < beats; beat++) {
    budget.earn(BEAT_MS, demandMs);
    while (budget.open) {
      budget.spend(pieceMs);
      spent += pieceMs;
    }
  }
  return spent / (beats * BEAT_MS);
}

describe('the budget of audits', () => {
  it.each([0.01, 0.2, 3, 40])('is kept on average when a piece costs %d ms', (pieceMs) => {
    expect(shareOf(pieceMs, 100)).toBeCloseTo(AUDIT_SHARE, 4);
  });

  it('grows where very many entries would take longer than an audit should', () => {
    const demandMs = 1500;
    expect(shareOf(0.2, demandMs)).toBeCloseTo(demandMs / MAX_AUTO_AUDIT_MS, 4);
  });

  it('never grows beyond one slice a beat', () => {
    expect(shareOf(0.2, 1e6)).toBeCloseTo(MAX_CREDIT_MS / BEAT_MS, 3);
  });

  it('saves up no more than one slice over a long sleep', () => {
    const budget = new AuditBudget();
    budget.earn(1e9, 0);
    budget.spend(MAX_CREDIT_MS);
    expect(budget.open).toBe(false);
  });
});
