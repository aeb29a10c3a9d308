import type { ConfigError } from './errors.ts';
import type { SourceState } from './snapshot.ts';
import type { Status } from './status.ts';

/** What has become of loads: which error stands, and since when all is well. */
export class Health {
  /** Generations published. */
  changed = 0;
  /** Loads with the same value as before. */
  unchanged = 0;
  /** Loads refused. */
  rejected = 0;
  /** Spells of content that would not stand still. */
  unstable = 0;
  /** Refused loads since the last good one. */
  consecutiveFailures = 0;
  /** When a load last succeeded, in milliseconds since the epoch. */
  lastSuccessAt: number | undefined;
  /** When a load was last tried, in milliseconds since the epoch. */
  lastAttemptAt: number | undefined;
  #refusal: ConfigError | undefined;
  #spell: ConfigError | undefined;

  /** Why what lies on disk is not served. */
  get error(): ConfigError | undefined {
    return this.#spell ?? this.#refusal;
  }

  /** A load was refused. */
  refused(error: ConfigError, at: number): void {
    this.lastAttemptAt = at;
    this.rejected++;
    this.consecutiveFailures++;
    this.#refusal = error;
    this.#spell = undefined;
  }

  /** A load succeeded. `true`: what stood before was an error. */
  succeeded(at: number): boolean {
    this.lastAttemptAt = at;
    this.lastSuccessAt = at;
    this.consecutiveFailures = 0;
    const recovered = this.error !== undefined;
    this.#refusal = undefined;
    this.#spell = undefined;
    return recovered;
  }

  /** The files would not stand still. */
  unsettled(error: ConfigError): void {
    this.unstable++;
    this.#spell = error;
  }

  /** The files are again as they were judged. `true`: that was good, and an error stood. */
  calmed(): boolean {
    const ended = this.#spell !== undefined;
    this.#spell = undefined;
    return ended && this.#refusal === undefined;
  }

  /** The state that {@link Status} shows. */
  state(closed: boolean, generation: number, sources: readonly SourceState[]): Status['state'] {
    if (closed) return 'closed';
    if (this.error !== undefined) return 'degraded';
    if (generation === 0) return 'loading';
    const gone = sources.some(({ sha256, state }) => state === 'missing' && sha256 !== undefined);
    return gone ? 'degraded' : 'ready';
  }
}
