import { AuditBudget, LOOK_COST_MS, MIN_AUTO_AUDIT_MS } from './audit-budget.ts';
import type { AuditRound } from './audit-round.ts';
import type { Audited } from './audited.ts';

/** Where the audits of one scope stand. */
export interface Turn {
  /** The scope. */
  readonly scope: Audited;
  /** The round that is under way. */
  round: AuditRound | null;
  /** When the last round began. */
  startedAt: number;
  /** When the last round ended. */
  finishedAt: number;
  /** Nothing is audited before this. */
  restUntil: number;
  /** Work put into the round under way, in milliseconds. */
  spentMs: number;
  /** What a whole round costs, in milliseconds: measured, or guessed from the number of entries. */
  costMs: number;
}

/** Which scope is audited next: one whose wish is overdue, else the one that waits longest, as the budget allows. */
export class AuditQueue {
  readonly #turns = new Map<Audited, Turn>();
  readonly #budget = new AuditBudget();
  #demandMs = 0;

  /** Whether there is nothing to audit. */
  get empty(): boolean {
    return this.#turns.size === 0;
  }

  /** Adds a scope, which was just read as a whole. */
  add(scope: Audited, now: number): void {
    if (this.#turns.has(scope)) return;
    const costMs = scope.size * LOOK_COST_MS;
    this.#demandMs += costMs;
    this.#turns.set(scope, {
      ...{ scope, round: null, restUntil: 0, spentMs: 0, costMs },
      ...{ startedAt: now, finishedAt: now },
    });
  }

  /** Removes a scope. */
  remove(scope: Audited): void {
    const turn = this.#turns.get(scope);
    if (turn === undefined) return;
    this.#demandMs -= turn.costMs;
    this.#turns.delete(scope);
  }

  /** Whether a turn still counts. */
  holds(turn: Turn): boolean {
    return this.#turns.get(turn.scope) === turn;
  }

  /** Notes that time passed. */
  earn(elapsedMs: number): void {
    this.#budget.earn(elapsedMs, this.#demandMs);
  }

  /** What to work on now, if anything. */
  next(now: number): Turn | null {
    for (const turn of this.#turns.values()) {
      if (this.#isDue(turn, now)) return turn;
    }
    return null;
  }

  /** Pays for work on a turn. */
  spend(turn: Turn, costMs: number): void {
    turn.spentMs += costMs;
    this.#budget.spend(costMs);
  }

  /** Puts a turn last: its round is complete, or something else compared the whole scope. */
  finish(turn: Turn, now: number): void {
    if (!this.holds(turn)) return;
    if (turn.spentMs > 0) {
      this.#demandMs += turn.spentMs - turn.costMs;
      turn.costMs = turn.spentMs;
    }
    turn.round = null;
    turn.spentMs = 0;
    turn.finishedAt = now;
    this.#turns.delete(turn.scope);
    this.#turns.set(turn.scope, turn);
  }

  #isDue(turn: Turn, now: number): boolean {
    if (now < turn.restUntil || !turn.scope.comparable) return false;
    const { auditIntervalMs, auditAuto } = turn.scope;
    const asked = auditIntervalMs < Number.POSITIVE_INFINITY;
    if (asked && (turn.round !== null || now - turn.startedAt >= auditIntervalMs)) return true;
    if (!auditAuto || !this.#budget.open) return false;
    return turn.round !== null || now - turn.finishedAt >= MIN_AUTO_AUDIT_MS;
  }
}
