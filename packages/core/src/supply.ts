import { backendFailure, type ProbeCache } from './backend-choice.ts';
import type { Capabilities, OpenRequest, Subscription, WatchBackend } from './backend.ts';
import type { WatchError } from './errors.ts';
import { misfit } from './scope-fit.ts';
import { closedBadly } from './feed-error.ts';
import { GuardedSink, type SinkTarget } from './guarded-sink.ts';

/** What a supply is opened for. */
export interface Order {
  /** What is asked of the backend. */
  readonly request: OpenRequest;
  /** Remembers what backends answered to their probe. */
  readonly probes: ProbeCache;
  /** Where evidence goes. */
  readonly target: SinkTarget;
  /** The subscription ended by itself. Called at most once, never before {@link Supply.open} resolved. */
  ended(supply: Supply, error: WatchError): void;
}

/** One open subscription of a backend: where evidence comes from until it is retired. */
export class Supply {
  /** The backend that was opened. */
  readonly backend: WatchBackend;
  /** What it promises. */
  readonly capabilities: Capabilities;
  readonly #request: OpenRequest;
  readonly #subscription: Subscription;
  readonly #sink: GuardedSink;
  #referenced: boolean;

  private constructor(
    backend: WatchBackend,
    capabilities: Capabilities,
    request: OpenRequest,
    subscription: Subscription,
    sink: GuardedSink,
  ) {
    this.backend = backend;
    this.capabilities = capabilities;
    this.#request = request;
    this.#subscription = subscription;
    this.#sink = sink;
    this.#referenced = request.persistent;
  }

  /** Opens a backend; gives what went wrong as a value, because another backend may do better. */
  static async open(backend: WatchBackend, order: Order): Promise<Supply | WatchError> {
    const { request, probes, target } = order;
    const { root, place, signal } = request;
    const { name } = backend;
    const probe = await probes.probe(backend);
    if (!probe.usable) return probe.error;
    let opened: Supply | null = null;
    let early: WatchError | null = null;
    const sink = new GuardedSink(target, { backend: name, root }, (error) => {
      if (opened === null) early = error;
      else order.ended(opened, error);
    });
    try {
      const capabilities = backend.capabilities(place);
      const refused = await misfit(name, capabilities, request);
      if (refused !== null) return refused;
      // Nobody waits any more; the answer is not looked at.
      if (signal.aborted) return backendFailure(name, [root], signal.reason);
      const subscription = await backend.open(request, sink);
      const supply = new Supply(backend, capabilities, request, subscription, sink);
      if (early === null) opened = supply;
      else await supply.close();
      return early ?? supply;
    } catch (error) {
      // Whatever the backend could not do, the next one may.
      sink.retired = true;
      return backendFailure(name, [root], error);
    }
  }

  /** Waits for the backend's barrier; `false` when it has none, or could not keep it. */
  async barrier(): Promise<boolean> {
    if (this.#subscription.barrier === undefined) return false;
    try {
      await this.#subscription.barrier(this.#request.signal);
      return !this.#sink.retired;
    } catch {
      // A barrier that cannot be kept promises nothing: the caller looks for itself.
      return false;
    }
  }

  /** Sets whether the subscription keeps the process alive; gives what went wrong, or `null`. */
  refer(referenced: boolean): WatchError | null {
    if (referenced === this.#referenced) return null;
    this.#referenced = referenced;
    try {
      if (referenced) this.#subscription.ref();
      else this.#subscription.unref();
      return null;
    } catch (error) {
      // A subscription that breaks its contract is not relied on: the next backend may keep it.
      return backendFailure(this.backend.name, [this.#request.root], error);
    }
  }

  /** Ends the supply as if the backend had ended it, in a later turn. */
  fail(error: WatchError): void {
    queueMicrotask(() => this.#sink.ended(error));
  }

  /** Lets nothing through any more. */
  retire(): void {
    this.#sink.retired = true;
  }

  /** Retires and closes the subscription; gives what went wrong, or `null`. */
  async close(): Promise<WatchError | null> {
    this.retire();
    try {
      await this.#subscription.close();
      return null;
    } catch (error) {
      // Whatever the reason, this subscription is not used any more.
      return closedBadly(this.#request.root, this.backend.name, error);
    }
  }
}
