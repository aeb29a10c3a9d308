import { WatchError } from './errors.ts';
import { quoted, refuse } from './option-check.ts';
import type { WatchEvents } from './watch.ts';

type Listener<E extends keyof WatchEvents> = WatchEvents[E];

/** What an event tells first. */
export type Told<E extends keyof WatchEvents> = Parameters<WatchEvents[E]>[0];

/** Whose listeners they are. */
export interface ListenersOwner {
  /** The watched path, as it was given. */
  readonly path: string;
  /** Whether an event is still to be told: a listener before may have closed the watch. */
  wants<E extends keyof WatchEvents>(event: E, told: Told<E>): boolean;
}

/** One listener, and the next one: with 10,000 watches of one listener each, a set for each would be most of their memory. */
interface Entry {
  readonly event: keyof WatchEvents;
  /** Grows with each that is added: who comes during an event is not told of it. */
  readonly number: number;
  /** `null` once it was removed, for whoever is just telling. */
  listener: Listener<keyof WatchEvents> | null;
  next: Entry | null;
}

const events = Object.keys({ batch: 0, state: 0, problem: 0 } satisfies Record<
  keyof WatchEvents,
  number
>);

/** Says how a listener that is not done yet ends, if badly: an async function, or anything with a `then`. */
function onRejected(result: unknown, failed: (cause: unknown) => void): void {
  if (typeof result !== 'object' || result === null || !('then' in result)) return;
  Promise.resolve(result).catch(failed);
}

/** The listeners of one watch, in the order in which they came. Each time one throws is told as a problem, and disturbs nobody. */
export class WatchListeners {
  readonly #owner: ListenersOwner;
  #first: Entry | null = null;
  #added = 0;

  constructor(owner: ListenersOwner) {
    this.#owner = owner;
  }

  /** Whether anybody listens for batches. */
  get hasBatch(): boolean {
    for (let entry = this.#first; entry !== null; entry = entry.next) {
      if (entry.event === 'batch') return true;
    }
    return false;
  }

  /** Adds a listener; the returned function removes it. The same function added twice is two listeners. */
  add<E extends keyof WatchEvents>(event: E, listener: Listener<E>): () => void {
    if (!events.includes(event)) throw refuse('event', quoted(events), event);
    const entry: Entry = { event, number: ++this.#added, listener, next: null };
    if (this.#first === null) this.#first = entry;
    else {
      let last = this.#first;
      while (last.next !== null) last = last.next;
      last.next = entry;
    }
    return () => this.#remove(entry);
  }

  /** Calls everybody who listens for an event, as long as it is wanted. */
  emit<E extends keyof WatchEvents>(event: E, told: Told<E>, error?: WatchError): void {
    const last = this.#added;
    for (let entry = this.#first; entry !== null; entry = entry.next) {
      if (entry.number > last) return;
      if (entry.event !== event || entry.listener === null) continue;
      if (!this.#owner.wants(event, told)) return;
      const listener = entry.listener as (told: Told<E>, error?: WatchError) => unknown;
      try {
        const result = error === undefined ? listener(told) : listener(told, error);
        onRejected(result, (cause) => this.#threw(event, told, listener, cause));
      } catch (cause) {
        // The caller's code; the others still have to be told.
        this.#threw(event, told, listener, cause);
      }
    }
  }

  #remove(entry: Entry): void {
    entry.listener = null;
    if (this.#first === entry) this.#first = entry.next;
    for (let at = this.#first; at !== null; at = at.next) {
      if (at.next === entry) at.next = entry.next;
    }
  }

  #threw<E extends keyof WatchEvents>(
    event: E,
    told: Told<E>,
    thrower: unknown,
    cause: unknown,
  ): void {
    const { path } = this.#owner;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const error = new WatchError(`A ${event} listener of the watch on ${path} threw: ${reason}`, {
      code: 'ERR_WATCH_LISTENER',
      effect: 'noted',
      backend: 'core',
      paths: [path],
      cause,
    });
    const last = this.#added;
    for (let entry = this.#first; entry !== null; entry = entry.next) {
      if (entry.number > last) return;
      const { listener } = entry;
      if (entry.event !== 'problem' || listener === null || listener === thrower) continue;
      if (!this.#owner.wants(event, told)) return;
      try {
        // A listener for problems that fails about a problem leaves nobody to tell.
        onRejected((listener as (problem: WatchError) => unknown)(error), () => undefined);
      } catch {
        // The same, at once.
      }
    }
  }
}
