import type { Capabilities, OpenRequest, Subscription, WatchBackend } from './backend.ts';
import { backendFailure, scopeUnsupported, serves } from './backend-choice.ts';
import type { WatchError } from './errors.ts';
import {
  closedBadly,
  exhausted,
  interruptedFor,
  saysGone,
  takenOver,
  type FailedBackend,
} from './feed-error.ts';
import type { FeedBackend, FeedEnvironment, FeedOwner } from './feed-owner.ts';
import { GuardedSink } from './guarded-sink.ts';

/** Wait before the backends are tried again after a live subscription ended and none took over: long enough not to spin, in milliseconds. */
export const REOPEN_DELAY_MS = 1000;

/** The wait doubles up to this, in milliseconds: a repaired mount is found again within half a minute. */
export const MAX_REOPEN_DELAY_MS = 30_000;

/**
 * Keeps one scope supplied with evidence: opens the first backend that can, moves to the next when it
 * fails, and lets nothing through from a subscription that was given up.
 */
export class Feed {
  readonly #owner: FeedOwner;
  readonly #environment: FeedEnvironment;
  readonly #request: Omit<OpenRequest, 'persistent' | 'signal'>;
  readonly #abort = new AbortController();
  #candidates: readonly WatchBackend[] = [];
  #failures: FailedBackend[] = [];
  #subscription: Subscription | null = null;
  #sink: GuardedSink | null = null;
  #backend: FeedBackend | null = null;
  #referenced: boolean;
  #opening: Promise<void> = Promise.resolve();
  #closing: Promise<void> | null = null;
  #wake: (() => void) | null = null;

  constructor(
    owner: FeedOwner,
    environment: FeedEnvironment,
    request: Omit<OpenRequest, 'persistent' | 'signal'>,
    referenced: boolean,
  ) {
    this.#owner = owner;
    this.#environment = environment;
    this.#request = request;
    this.#referenced = referenced;
  }

  /** The backend in use; the last one while another is being opened. */
  get backend(): FeedBackend | null {
    return this.#backend;
  }

  /** Whether a subscription is open. */
  get connected(): boolean {
    return this.#subscription !== null;
  }

  /**
   * Opens the first of these backends that can, beside the subscription in use, which ends once
   * the new one is live. Serves the first opening, the fallback and a change of configuration.
   */
  connect(candidates: readonly WatchBackend[]): Promise<void> {
    this.#candidates = this.#environment.fallback === 'none' ? candidates.slice(0, 1) : candidates;
    this.#failures = [];
    this.#opening = this.#opening.then(() => this.#open(this.#candidates));
    return this.#opening;
  }

  /** Waits for the backend's barrier; `false` when it has none, or could not keep it. */
  async barrier(): Promise<boolean> {
    const subscription = this.#subscription;
    if (subscription?.barrier === undefined) return false;
    try {
      await subscription.barrier(this.#abort.signal);
      return subscription === this.#subscription;
    } catch {
      // A barrier that cannot be kept promises nothing: the caller looks for itself.
      return false;
    }
  }

  /** Sets whether the subscription keeps the process alive. */
  setReferenced(referenced: boolean): void {
    if (referenced === this.#referenced) return;
    this.#referenced = referenced;
    const sink = this.#sink;
    if (this.#subscription === null || sink === null) return;
    const error = this.#refer(this.#subscription, this.#backend?.name ?? 'core');
    // Not in this turn: whoever asks is in the middle of its own work.
    if (error !== null) queueMicrotask(() => sink.ended(error));
  }

  /** Ends the subscription, also one that is being opened. */
  close(): Promise<void> {
    if (this.#closing !== null) return this.#closing;
    this.#retire();
    const subscription = this.#subscription;
    this.#subscription = null;
    this.#abort.abort();
    this.#wake?.();
    this.#closing = (async () => {
      if (subscription !== null) await this.#release(subscription, this.#backend?.name ?? 'core');
      await this.#opening;
    })();
    return this.#closing;
  }

  async #open(candidates: readonly WatchBackend[]): Promise<void> {
    for (const backend of candidates) {
      const error = await this.#attempt(backend);
      if (error === null || this.#closing !== null) return;
      if (await this.#isGone(error)) return;
      this.#failures.push({ name: backend.name, error });
    }
    const error = exhausted(this.#request.root, this.#failures);
    if (this.#subscription === null) this.#owner.failed(error);
    else this.#owner.problem(error);
  }

  /** Tells the owner when the directory is at fault; says whether there is nothing left to do. */
  async #isGone(error: WatchError): Promise<boolean> {
    const gone = saysGone(error) && !(await this.#owner.isIntact());
    if (this.#closing !== null) return true;
    if (gone) this.#owner.gone(error);
    return gone;
  }

  /** Opens one backend; says what went wrong, or `null`. */
  async #attempt(backend: WatchBackend): Promise<WatchError | null> {
    const { root, scope, place } = this.#request;
    const probe = await this.#environment.probes.probe(backend);
    if (this.#closing !== null) return null;
    if (!probe.usable) return probe.error;
    let early: WatchError | null = null;
    const sink = new GuardedSink(this.#owner, { backend: backend.name, root }, (error) => {
      if (this.#sink === sink) void this.#ended(backend, error);
      else early = error;
    });
    const persistent = this.#referenced;
    let capabilities: Capabilities;
    let subscription: Subscription;
    try {
      capabilities = backend.capabilities(place);
      if (!serves(capabilities, scope.kind)) {
        return scopeUnsupported(backend.name, root, scope.kind);
      }
      const request = { ...this.#request, persistent, signal: this.#abort.signal };
      subscription = await backend.open(request, sink);
    } catch (error) {
      // Whatever the backend could not do, the next one may.
      sink.retired = true;
      return backendFailure(backend.name, [root], error);
    }
    if (this.#closing !== null || sink.retired) {
      sink.retired = true;
      await this.#release(subscription, backend.name);
      return early;
    }
    if (persistent !== this.#referenced) {
      const error = this.#refer(subscription, backend.name);
      if (error !== null) {
        sink.retired = true;
        await this.#release(subscription, backend.name);
        return error;
      }
    }
    const previous = this.#subscription;
    const former = this.#backend?.name ?? backend.name;
    this.#install(backend, capabilities, subscription, sink);
    if (previous !== null) await this.#release(previous, former);
    return null;
  }

  #install(
    backend: WatchBackend,
    capabilities: Capabilities,
    subscription: Subscription,
    sink: GuardedSink,
  ): void {
    this.#retire();
    this.#sink = sink;
    this.#subscription = subscription;
    const fellBackFrom = [...this.#failures];
    this.#backend = { name: backend.name, capabilities, fellBackFrom };
    const last = fellBackFrom.at(-1);
    if (last !== undefined) this.#owner.problem(takenOver(this.#request.root, backend.name, last));
    this.#owner.connected();
  }

  /** Tells a subscription whether it keeps the process alive; says what went wrong, or `null`. */
  #refer(subscription: Subscription, name: string): WatchError | null {
    try {
      if (this.#referenced) subscription.ref();
      else subscription.unref();
      return null;
    } catch (error) {
      // A subscription that breaks its contract is not relied on: the next backend may keep it.
      return backendFailure(name, [this.#request.root], error);
    }
  }

  /** Closes a subscription; that it did not close well is worth a word, not a rejection. */
  async #release(subscription: Subscription, name: string): Promise<void> {
    try {
      await subscription.close();
    } catch (error) {
      // Whatever the reason, this subscription is not used any more.
      this.#owner.problem(closedBadly(this.#request.root, name, error));
    }
  }

  #retire(): void {
    if (this.#sink !== null) this.#sink.retired = true;
    this.#sink = null;
  }

  async #ended(backend: WatchBackend, error: WatchError): Promise<void> {
    if (this.#closing !== null) return;
    this.#retire();
    const subscription = this.#subscription;
    this.#subscription = null;
    this.#owner.interrupted(error);
    const next = this.#opening.then(async () => {
      if (subscription !== null) await this.#release(subscription, backend.name);
      if (!(await this.#isGone(error))) await this.#recover(backend, error);
    });
    this.#opening = next;
    await next;
  }

  /** Tries what comes after a backend that ended; when nothing is left and it may pass, everything again, later. */
  async #recover(ended: WatchBackend, error: WatchError): Promise<void> {
    const failure = { name: ended.name, error };
    this.#failures.push(failure);
    const failed = new Set(this.#failures.map(({ name }) => name));
    const next = this.#candidates.filter(({ name }) => !failed.has(name));
    if (next.length > 0) {
      await this.#open(next);
      return;
    }
    if (!error.retryable) {
      this.#owner.failed(exhausted(this.#request.root, this.#failures));
      return;
    }
    this.#owner.problem(interruptedFor(this.#request.root, failure));
    await this.#retryLater();
  }

  async #retryLater(): Promise<void> {
    let delay = REOPEN_DELAY_MS;
    while (this.#closing === null) {
      await this.#pause(delay);
      delay = Math.min(delay * 2, MAX_REOPEN_DELAY_MS);
      this.#failures = [];
      for (const backend of this.#candidates) {
        if (this.#closing !== null) return;
        const error = await this.#attempt(backend);
        if (error === null) return;
        if (await this.#isGone(error)) return;
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = this.#environment.clock.setTimeout(resolve, ms);
      if (!this.#referenced) timer.unref();
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
    this.#wake = null;
  }
}
