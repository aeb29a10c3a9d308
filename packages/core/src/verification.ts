import { AuditRound, type Suspect } from './audit-round.ts';
import type { Audited } from './audited.ts';
import { turn } from './backend-kit/turn.ts';
import type { Clock } from './clock.ts';
import type { AbsPath } from './entry.ts';
import type { Look } from './resolver.ts';

/** Looks again, after a grace, at what an audit found to differ: evidence of it may still have been under way. */
export class Verification {
  readonly #clock: Clock;
  readonly #look: (path: AbsPath, slow: boolean) => Promise<Look>;
  /** What lets go of the grace of each scope that has one. */
  readonly #waiting = new Map<Audited, () => void>();

  constructor(clock: Clock, look: (path: AbsPath, slow: boolean) => Promise<Look>) {
    this.#clock = clock;
    this.#look = look;
  }

  /** Forgets a scope: what waits proves nothing any more. */
  forget(scope: Audited): void {
    const release = this.#waiting.get(scope);
    this.#waiting.delete(scope);
    release?.();
  }

  /**
   * Whether some of the suspects still differ after the grace although nothing pointed to them. At once
   * `false` while others of the same scope wait: the next audit finds these again.
   */
  async proves(scope: Audited, suspects: readonly Suspect[]): Promise<boolean> {
    if (this.#waiting.has(scope)) return false;
    await this.#grace(scope);
    for (const suspect of AuditRound.unannounced(scope, suspects)) {
      if (!this.#waiting.has(scope)) return false;
      const found = await this.#look(suspect.path, scope.slow);
      if (AuditRound.unannounced(scope, [suspect]).length === 0) continue;
      if (!AuditRound.isProof(suspect, found)) continue;
      return this.#waiting.delete(scope);
    }
    this.#waiting.delete(scope);
    return false;
  }

  /** Timers run before what the kernel has queued meanwhile: two turns let a whole poll phase pass. */
  async #grace(scope: Audited): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = this.#clock.setTimeout(resolve, scope.graceMs);
      timer.unref();
      this.#waiting.set(scope, () => {
        timer.cancel();
        resolve();
      });
    });
    await turn();
    await turn();
  }
}
