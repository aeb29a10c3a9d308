import type { Audited } from './audited.ts';
import { turn } from './backend-kit/turn.ts';
import type { LossReason } from './backend.ts';
import type { Clock, Timer } from './clock.ts';

/** Wait before suspected scopes are read, in milliseconds: what the kernel has queued is told the ordinary way first. */
export const QUIET_MS = 200;

/** Longest wait for touches to cease, in milliseconds: a burst that goes on is looked after while it lasts. */
export const MAX_QUIET_MS = 1000;

/** Touches per wait that count as quiet: about what a busy log brings. */
export const QUIET_TOUCHES = 100;

/** Share of the time that reading suspected scopes may take: a machine that stalls must not be made to stall more. */
export const SUSPICION_SHARE = 0.2;

/** Shortest time from one reading to the next, in milliseconds; doubles each time nothing was found. */
export const MIN_SUSPICION_SPACING_MS = 500;

/** What the doubling ends at, in milliseconds: with the reading itself less than 5 s where that is cheap. */
export const MAX_SUSPICION_SPACING_MS = 3000;

/** Without a suspicion for this long, in milliseconds, the next one is believed at once. */
export const CALM_MS = 60_000;

/** Reads scopes as a whole, one after another, when events may have been lost; suspicions that come together cost one reading. */
export class Suspicions {
  readonly #clock: Clock;
  readonly #touches: () => number;
  readonly #pending = new Map<Audited, LossReason>();
  #timer: Timer | null = null;
  #running = false;
  #nextAt = 0;
  #raisedAt = Number.NEGATIVE_INFINITY;
  #fruitless = 0;

  /** `touches` counts what came in since the start. */
  constructor(clock: Clock, touches: () => number) {
    this.#clock = clock;
    this.#touches = touches;
  }

  /** Suspects that scopes lost something: what is hot is looked at now, the rest soon. */
  raise(scopes: Iterable<Audited>, why: LossReason): void {
    const now = this.#clock.now();
    if (now - this.#raisedAt > CALM_MS) this.#fruitless = 0;
    this.#raisedAt = now;
    for (const scope of scopes) {
      scope.lookAtHot();
      if (!this.#pending.has(scope)) this.#pending.set(scope, why);
    }
    if (!this.#running && this.#timer === null) this.#arm();
  }

  /** Takes the suspicion of one scope over: whoever calls reads it. `null` when there is none. */
  take(scope: Audited): LossReason | null {
    const why = this.#pending.get(scope) ?? null;
    this.#pending.delete(scope);
    return why;
  }

  /** Forgets everything. */
  clear(): void {
    this.#pending.clear();
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(): void {
    if (this.#pending.size === 0) return;
    const now = this.#clock.now();
    const latest = now + MAX_QUIET_MS;
    this.#wait(Math.max(QUIET_MS, this.#nextAt - now), Math.max(latest, this.#nextAt));
  }

  #wait(ms: number, latest: number): void {
    const before = this.#touches();
    this.#timer = this.#clock.setTimeout(() => {
      const noisy = this.#touches() - before > QUIET_TOUCHES;
      if (noisy && this.#clock.now() + QUIET_MS <= latest) this.#wait(QUIET_MS, latest);
      else {
        this.#timer = null;
        void this.#run();
      }
    }, ms);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    this.#running = true;
    // Timers run before what the kernel has queued meanwhile: two turns let a whole poll phase pass.
    await turn();
    await turn();
    const startedAt = this.#clock.now();
    const scopes = [...this.#pending.keys()];
    // A server that does not answer holds up nobody but itself.
    for (const scope of scopes) if (scope.slow) void this.#reread(scope);
    let fruitful = false;
    for (const scope of scopes) {
      if (!scope.slow && (await this.#reread(scope))) fruitful = true;
    }
    const now = this.#clock.now();
    this.#fruitless = fruitful ? 0 : this.#fruitless + 1;
    const doubled = MIN_SUSPICION_SPACING_MS * 2 ** Math.min(this.#fruitless, 10);
    const cheap = Math.min(MAX_SUSPICION_SPACING_MS, doubled);
    this.#nextAt = now + Math.max(cheap, (now - startedAt) / SUSPICION_SHARE);
    this.#running = false;
    this.#arm();
  }

  async #reread(scope: Audited): Promise<boolean> {
    const why = this.take(scope);
    return why !== null && (await scope.reread(why));
  }
}
