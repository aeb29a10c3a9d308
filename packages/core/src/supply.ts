import { backendFailure } from './backend-choice.ts';
import type { Capabilities, OpenRequest, Subscription, WatchBackend } from './backend.ts';
import { BARRIER_TIMEOUT_MS, CLOSE_TIMEOUT_MS } from './backend-limits.ts';
import { Deadline, late } from './deadline.ts';
import type { WatchError } from './errors.ts';
import { closedBadly, timedOut } from './feed-error.ts';
import type { GuardedSink } from './guarded-sink.ts';

/** One open subscription of a backend: where evidence comes from until it is retired. */
export class Supply {
  /** The backend that was opened. */
  readonly backend: WatchBackend;
  /** What it promises. */
  readonly capabilities: Capabilities;
  readonly #request: OpenRequest;
  readonly #abort: AbortController;
  readonly #subscription: Subscription;
  readonly #sink: GuardedSink;
  #referenced: boolean;
  /** Whether its barrier can be relied on to end. */
  #answers = true;

  constructor(
    backend: WatchBackend,
    capabilities: Capabilities,
    request: OpenRequest,
    abort: AbortController,
    subscription: Subscription,
    sink: GuardedSink,
  ) {
    this.backend = backend;
    this.capabilities = capabilities;
    this.#request = request;
    this.#abort = abort;
    this.#subscription = subscription;
    this.#sink = sink;
    this.#referenced = request.persistent;
  }

  /** Lets evidence through from now on, also what came since the backend was asked. */
  rely(): void {
    this.#sink.release();
  }

  /** Waits for the backend's barrier; `false` when it has none, or could not keep it. */
  async barrier(): Promise<boolean> {
    if (this.#subscription.barrier === undefined || !this.#answers) return false;
    const deadline = new Deadline(this.#request.clock, this.#referenced);
    try {
      const kept = this.#subscription.barrier(this.#request.signal);
      if ((await deadline.wait(kept, BARRIER_TIMEOUT_MS)) !== late) return !this.#sink.retired;
      // Nobody waits as long again: from now on the caller looks for itself at once.
      this.#answers = false;
      return false;
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
    const { root, clock } = this.#request;
    const { name } = this.backend;
    try {
      this.#abort.abort();
      const closed = this.#subscription.close();
      const answer = await new Deadline(clock, true).wait(closed, CLOSE_TIMEOUT_MS);
      if (answer !== late) return null;
      return timedOut(name, [root], `close its watch of ${root}`, CLOSE_TIMEOUT_MS, 'noted');
    } catch (error) {
      // Whatever the reason, this subscription is not used any more.
      return closedBadly(root, name, error);
    }
  }
}
