import type { OpenRequest, WatchBackend } from './backend.ts';
import type { WatchError } from './errors.ts';
import type { FeedEnvironment } from './feed-owner.ts';
import type { SinkTarget } from './guarded-sink.ts';
import { Opening } from './opening.ts';
import { POLL_INTERVAL_MS } from './scope-environment.ts';
import { Supply } from './supply.ts';

/** What a feed is asked for. */
export type FeedTerms = Pick<OpenRequest, 'root' | 'scope' | 'place' | 'ignores'>;

/** Opens backends for one scope, one at a time. */
export class Opener {
  /** What every backend is asked for. */
  readonly request: Omit<OpenRequest, 'persistent' | 'signal'>;
  readonly #environment: FeedEnvironment;
  readonly #target: SinkTarget;
  readonly #ended: (supply: Supply, error: WatchError) => void;
  #referenced: boolean;
  #opening: Opening | null = null;

  constructor(
    terms: FeedTerms,
    environment: FeedEnvironment,
    referenced: boolean,
    target: SinkTarget,
    ended: (supply: Supply, error: WatchError) => void,
  ) {
    const { clock } = environment;
    this.request = {
      ...terms,
      prune: [],
      followSymlinks: false,
      pollIntervalMs: POLL_INTERVAL_MS,
      clock,
    };
    this.#environment = environment;
    this.#referenced = referenced;
    this.#target = target;
    this.#ended = ended;
  }

  /** Opens a backend; gives what went wrong as a value. */
  async open(backend: WatchBackend): Promise<Supply | WatchError> {
    const persistent = this.#referenced;
    this.#opening = new Opening(backend, {
      request: { ...this.request, persistent },
      probes: this.#environment.probes,
      target: this.#target,
      ended: this.#ended,
    });
    const outcome = await this.#opening.open();
    this.#opening = null;
    if (!(outcome instanceof Supply)) return outcome;
    const error = outcome.refer(this.#referenced);
    if (error === null) return outcome;
    // A subscription that breaks its contract is not used; that it also closes badly adds nothing.
    await outcome.close();
    return error;
  }

  /** Gives up what is being opened, unless it is this backend. */
  abandon(except?: WatchBackend): void {
    if (this.#opening?.backend !== except) this.#opening?.abandon();
  }

  /** Sets whether waiting for a backend, and what is opened, keeps the process alive. */
  refer(referenced: boolean): void {
    this.#referenced = referenced;
    this.#opening?.refer(referenced);
  }
}
