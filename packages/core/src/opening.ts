import { backendFailure, type ProbeCache } from './backend-choice.ts';
import type { OpenRequest, Subscription, WatchBackend } from './backend.ts';
import { CLOSE_TIMEOUT_MS, openTimeoutMs } from './backend-limits.ts';
import { Deadline, late } from './deadline.ts';
import type { WatchError } from './errors.ts';
import { timedOut } from './feed-error.ts';
import { GuardedSink, type SinkTarget } from './guarded-sink.ts';
import { misfit } from './scope-fit.ts';
import { Supply } from './supply.ts';

/** What a supply is opened for. */
export interface Order {
  /** What is asked of the backend. */
  readonly request: Omit<OpenRequest, 'signal'>;
  /** Remembers what backends answered to their probe. */
  readonly probes: ProbeCache;
  /** Where evidence goes. */
  readonly target: SinkTarget;
  /** The subscription ended by itself. Called at most once, never before the supply was relied on. */
  ended(supply: Supply, error: WatchError): void;
}

/** One attempt to open a backend, which takes neither for ever nor an answer that comes too late. */
export class Opening {
  /** The backend that is being opened. */
  readonly backend: WatchBackend;
  readonly #order: Order;
  readonly #request: OpenRequest;
  readonly #abort = new AbortController();
  readonly #deadline: Deadline;
  #asked = false;
  #abandoned = false;

  constructor(backend: WatchBackend, order: Order) {
    const { clock, persistent } = order.request;
    this.backend = backend;
    this.#order = order;
    this.#request = { ...order.request, signal: this.#abort.signal };
    this.#deadline = new Deadline(clock, persistent);
  }

  /** Opens the backend; gives what went wrong as a value, because another backend may do better. */
  async open(): Promise<Supply | WatchError> {
    const { backend } = this;
    const { root, place, scope } = this.#request;
    const { signal } = this.#abort;
    try {
      const probe = await this.#deadline.wait(this.#order.probes.probe(backend), Infinity);
      if (probe === late || signal.aborted) return this.#failed(signal.reason);
      if (!probe.usable) return probe.error;
      const capabilities = backend.capabilities(place);
      const ms = openTimeoutMs(scope);
      const refused = await this.#deadline.wait(
        misfit(backend.name, capabilities, this.#request),
        ms,
      );
      // Nobody waits any more; the answer is not looked at.
      if (signal.aborted) return this.#failed(signal.reason);
      if (refused === late) return this.#timedOut(ms);
      if (refused !== null) return refused;
      let supply: Supply | null = null;
      const source = { backend: backend.name, root };
      const sink = new GuardedSink(this.#order.target, source, (error) => {
        if (supply !== null) this.#order.ended(supply, error);
      });
      const subscription = await this.#subscribe(sink, ms);
      if (subscription === late) {
        return this.#abandoned ? this.#failed(signal.reason) : this.#timedOut(ms);
      }
      supply = new Supply(backend, capabilities, this.#request, this.#abort, subscription, sink);
      if (sink.early === null) return supply;
      await supply.close();
      return sink.early;
    } catch (error) {
      // Whatever the backend could not do, the next one may.
      return this.#failed(error);
    }
  }

  /** Gives the attempt up: the backend has a moment to clean up. */
  abandon(): void {
    this.#abandoned = true;
    this.#abort.abort();
    this.#deadline.leave(this.#asked ? CLOSE_TIMEOUT_MS : 0);
  }

  /** Sets whether waiting for the backend keeps the process alive. */
  refer(referenced: boolean): void {
    this.#deadline.refer(referenced);
  }

  async #subscribe(sink: GuardedSink, ms: number): Promise<Subscription | typeof late> {
    this.#asked = true;
    const answer = (async () => this.backend.open(this.#request, sink))();
    try {
      const subscription = await this.#deadline.wait(answer, ms);
      if (subscription !== late) return subscription;
    } catch (error) {
      sink.retired = true;
      throw error;
    }
    sink.retired = true;
    this.#abort.abort();
    // A subscription that comes now is not wanted any more, and neither is a reason for none.
    void answer.then((subscription) => subscription.close()).catch(() => undefined);
    return late;
  }

  #timedOut(ms: number): WatchError {
    const { root } = this.#request;
    return timedOut(this.backend.name, [root], `open its watch of ${root}`, ms);
  }

  #failed(cause: unknown): WatchError {
    return backendFailure(this.backend.name, [this.#request.root], cause);
  }
}
