import { AuditQueue, type Turn } from './audit-queue.ts';
import { AuditRound, type Suspect } from './audit-round.ts';
import type { Audited } from './audited.ts';
import type { Clock, Timer } from './clock.ts';
import { SLICE_MS } from './examiner.ts';
import { answer, look, type SlowLane } from './look.ts';
import { Verification } from './verification.ts';

/** What one look at a slow place costs this process, in milliseconds: an lstat by a promise, whatever the server needs. */
export const SLOW_LOOK_COST_MS = 0.03;

/**
 * Share of the time that reading scopes as a whole may take when audits prove loss after loss: a place
 * that loses all the time must not take the machine down with it.
 */
export const REREAD_SHARE = 0.05;

/** Compares scopes with the disk, a little with each beat: the only way to find what was lost without a word. */
export class Auditor {
  readonly #clock: Clock;
  readonly #lane: SlowLane;
  readonly #counts: { audits: number };
  readonly #fast = new AuditQueue();
  readonly #slow = new AuditQueue();
  readonly #verification: Verification;
  #more: Timer | null = null;
  #busy = false;

  constructor(clock: Clock, lane: SlowLane, counts: { audits: number }) {
    this.#clock = clock;
    this.#lane = lane;
    this.#counts = counts;
    this.#verification = new Verification(clock, (path, slow) =>
      slow ? lane.look(path) : Promise.resolve(look(path)),
    );
  }

  /** Audits a scope from now on. */
  add(scope: Audited): void {
    this.#queueOf(scope).add(scope, this.#clock.now());
  }

  /** Audits a scope no longer. */
  remove(scope: Audited): void {
    this.#queueOf(scope).remove(scope);
    this.#verification.forget(scope);
    if (this.#fast.empty) this.#more?.cancel();
  }

  /** Does what is due after some time passed. */
  beat(elapsedMs: number): void {
    this.#fast.earn(elapsedMs);
    this.#slow.earn(elapsedMs);
    this.#work();
    if (!this.#busy) void this.#workSlowly();
  }

  #queueOf(scope: Audited): AuditQueue {
    return scope.slow ? this.#slow : this.#fast;
  }

  /** One slice; what a wish makes overdue goes on in the next turn of the event loop, the rest with the next beat. */
  readonly #work = (): void => {
    this.#more?.cancel();
    this.#more = null;
    const until = this.#clock.now() + SLICE_MS;
    for (let at = this.#clock.now(); at < until;) {
      const turn = this.#fast.next(at);
      if (turn === null) return;
      const round = this.#roundOf(turn);
      const ask = round.next();
      if (ask !== null) round.take(answer(ask));
      const before = at;
      at = this.#clock.now();
      this.#fast.spend(turn, at - before);
      this.#after(this.#fast, turn, round, ask === null);
    }
    if (this.#fast.next(this.#clock.now()) === null) return;
    // Not an immediate: one that does not hold the process alive does not wake the event loop either.
    this.#more = this.#clock.setTimeout(this.#work, 0);
    this.#more.unref();
  };

  /** One look at a time, so that a server that does not answer takes one thread of the pool and no more. */
  async #workSlowly(): Promise<void> {
    this.#busy = true;
    for (;;) {
      const turn = this.#slow.next(this.#clock.now());
      if (turn === null) break;
      const round = this.#roundOf(turn);
      const ask = round.next();
      if (ask !== null) {
        const looks = ask.op === 'stat' ? ask.paths.length : 1;
        round.take(await this.#lane.answerInTurn(ask));
        this.#slow.spend(turn, looks * SLOW_LOOK_COST_MS);
      }
      this.#after(this.#slow, turn, round, ask === null);
    }
    this.#busy = false;
  }

  #roundOf(turn: Turn): AuditRound {
    if (turn.round === null) {
      turn.round = new AuditRound(turn.scope);
      turn.startedAt = this.#clock.now();
      turn.spentMs = 0;
    }
    return turn.round;
  }

  #after(queue: AuditQueue, turn: Turn, round: AuditRound, complete: boolean): void {
    if (!queue.holds(turn)) return;
    const suspects = round.takeSuspects();
    if (suspects.length > 0) void this.#verify(queue, turn, suspects);
    if (!complete) return;
    this.#counts.audits++;
    queue.finish(turn, this.#clock.now());
  }

  async #verify(queue: AuditQueue, turn: Turn, suspects: readonly Suspect[]): Promise<void> {
    const { scope } = turn;
    const proved = await this.#verification.proves(scope, suspects);
    if (!proved || !queue.holds(turn) || !scope.comparable) return;
    const startedAt = this.#clock.now();
    await scope.reread('unknown');
    const now = this.#clock.now();
    turn.restUntil = now + (now - startedAt) / REREAD_SHARE;
    turn.spentMs = 0;
    queue.finish(turn, now);
  }
}
