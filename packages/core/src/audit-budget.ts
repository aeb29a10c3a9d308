/**
 * Share of one CPU that the looks of all audits of a watcher together may use. Collecting the garbage
 * they leave costs about as much again: a thousandth of one CPU in all.
 */
export const AUDIT_SHARE = 0.0005;

/**
 * Shortest time between two audits of one scope, in milliseconds: with the grace of a second and the
 * reading that follows, what was lost without a word in a small place is told in less than 5 s.
 */
export const MIN_AUTO_AUDIT_MS = 3500;

/** Longest time all audits together should take, in milliseconds: for very many entries the share grows so far. */
export const MAX_AUTO_AUDIT_MS = 300_000;

/** What may be saved up, in milliseconds of work: no more than one slice, so that an audit never holds the event loop. */
export const MAX_CREDIT_MS = 4;

/** What a look costs before it was measured, in milliseconds: an lstat and a comparison on a local disk. */
export const LOOK_COST_MS = 0.008;

/** Measured work against time that passed: how much more work may be done now. */
export class AuditBudget {
  #creditMs = MAX_CREDIT_MS;

  /** Earns credit for time that passed, so that work of `demandMs` is done in time. */
  earn(elapsedMs: number, demandMs: number): void {
    const share = Math.max(AUDIT_SHARE, demandMs / MAX_AUTO_AUDIT_MS);
    this.#creditMs = Math.min(MAX_CREDIT_MS, this.#creditMs + elapsedMs * share);
  }

  /** Pays for work. What cost more than there was is paid back by waiting. */
  spend(costMs: number): void {
    this.#creditMs -= costMs;
  }

  /** Whether more work may be done now. */
  get open(): boolean {
    return this.#creditMs > 0;
  }
}
