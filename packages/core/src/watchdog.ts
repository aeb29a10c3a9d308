import type { Audited } from './audited.ts';
import { Auditor } from './auditor.ts';
import type { LossReason } from './backend.ts';
import { wasBurst } from './burst.ts';
import type { Clock } from './clock.ts';
import type { EventMeter } from './event-meter.ts';
import { Heartbeat, type Beat } from './heartbeat.ts';
import type { SlowLane } from './look.ts';
import { wasStalled } from './stall.ts';
import { Suspicions } from './suspicions.ts';

/**
 * The safety net under backends that lose events without a word: audits what they watch, and looks
 * after it at once when a stall or a burst makes a loss likely. Asleep while there is no such backend.
 */
export class Watchdog {
  readonly #meter: EventMeter;
  readonly #scopes = new Set<Audited>();
  readonly #heartbeat: Heartbeat;
  readonly #auditor: Auditor;
  readonly #suspicions: Suspicions;
  #touches = 0;

  constructor(clock: Clock, lane: SlowLane, meter: EventMeter, counts: { audits: number }) {
    this.#meter = meter;
    this.#heartbeat = new Heartbeat(clock, (beat) => this.#beat(beat));
    this.#auditor = new Auditor(clock, lane, counts);
    this.#suspicions = new Suspicions(clock, () => meter.total);
  }

  /** Looks after a scope from now on; it was just read as a whole. */
  add(scope: Audited): void {
    if (this.#scopes.has(scope)) return;
    if (this.#scopes.size === 0) {
      this.#touches = this.#meter.total;
      this.#heartbeat.start();
    }
    this.#scopes.add(scope);
    this.#auditor.add(scope);
  }

  /** Looks after a scope no longer. */
  remove(scope: Audited): void {
    if (!this.#scopes.delete(scope)) return;
    this.#auditor.remove(scope);
    this.#suspicions.take(scope);
    if (this.#scopes.size > 0) return;
    this.#heartbeat.stop();
    this.#suspicions.clear();
  }

  /** Why a scope is suspected of a loss, if it is; whoever asks reads it as a whole. */
  takeSuspicion(scope: Audited): LossReason | null {
    return this.#suspicions.take(scope);
  }

  #beat(beat: Beat): void {
    const touches = this.#meter.total - this.#touches;
    this.#touches = this.#meter.total;
    if (wasStalled(beat)) this.#suspicions.raise(this.#scopes, 'stall');
    else if (wasBurst(touches)) this.#suspicions.raise(this.#scopes, 'overflow');
    this.#auditor.beat(beat.elapsedMs);
  }
}
