import { EventSlot } from './event-slot.ts';
import type { GoneEvent, LagEvent, MonitorEvent, TickCause } from './monitor-event.ts';
import type { SourceFallback } from './source-fallback.ts';
import type { ChangeCursor, SessionVersion } from './store.ts';
import { StoreError } from './store-error.ts';

/** In this order a reader gets what is waiting; `gone` is the last thing it gets. */
const EVENT_ORDER = ['pending', 'tick', 'lag', 'heartbeat', 'gone'] as const;

/** Two ticks in one: the newer version, and the revision that was told last. */
function joinEvents(waiting: MonitorEvent, newer: MonitorEvent): MonitorEvent {
  return waiting.type === 'tick' && newer.type === 'tick'
    ? { ...newer, prev: waiting.prev }
    : newer;
}

/** One subscriber of one session. */
export interface Subscriber {
  /** Where its events wait. */
  readonly slot: EventSlot<MonitorEvent>;
  /** What it already has; `undefined`: whatever there was at the call. */
  from: ChangeCursor | null | undefined;
  readonly waitForCreate: boolean;
  /** What it was told or took as given; `undefined` until the baseline is known. */
  rev: number | null | undefined;
  /** The baseline could not be read: the next reading takes its place. */
  unread: boolean;
  /** Polls since its start. */
  polls: number;
}

/** One session with everybody who watches it. */
export class WatchedSession {
  readonly id: string;
  readonly subscribers: Set<Subscriber> = new Set();
  /** The safety net, or `null` for a monitor that only reads. */
  fallback: SourceFallback | null = null;
  #version: SessionVersion | null = null;

  constructor(id: string) {
    this.id = id;
  }

  /** The newest version that was read, or `null`. */
  get version(): SessionVersion | null {
    return this.#version;
  }

  /** Adds a subscriber; `onEnd` is called once it is gone. */
  subscribe(
    from: ChangeCursor | null | undefined,
    waitForCreate: boolean,
    onEnd: (subscriber: Subscriber) => void,
  ): Subscriber {
    const subscriber: Subscriber = {
      slot: new EventSlot<MonitorEvent>(EVENT_ORDER, joinEvents, () => onEnd(subscriber)),
      from,
      waitForCreate,
      rev: undefined,
      unread: false,
      polls: 0,
    };
    this.subscribers.add(subscriber);
    return subscriber;
  }

  /** A subscriber's own first reading. Returns how many ticks were sent. */
  baseline(subscriber: Subscriber, read: SessionVersion | null): number {
    if (subscriber.slot.ended || subscriber.rev !== undefined) return 0;
    const version = this.#newest(read);
    if (version === null) {
      this.#refuseOrWait(subscriber);
      return 0;
    }
    if (version.deleted) {
      this.#end(subscriber, 'deleted');
      return 0;
    }
    const { from } = subscriber;
    // What was read at the call counts as seen, even when another reading has since gone further.
    const seen = from === undefined ? (read?.rev ?? null) : revisionOf(from, version);
    subscriber.rev = seen;
    return seen === version.rev ? 0 : this.#tick(subscriber, version, 'baseline');
  }

  /** The baseline of a subscriber cannot be read now. What was there at the call is then unknown, so it starts from nothing. */
  postpone(subscriber: Subscriber): void {
    subscriber.unread = true;
    subscriber.from ??= null;
  }

  /**
   * A new reading for everybody; `knownThen` is what was known when it was asked for. Returns how many
   * ticks were sent.
   */
  update(read: SessionVersion | null, knownThen: SessionVersion | null, cause: TickCause): number {
    const known = this.#version;
    let ticks = 0;
    for (const subscriber of this.subscribers) {
      if (subscriber.unread) ticks += this.baseline(subscriber, read);
    }
    if (read === null) {
      // Deleted sessions keep a tombstone: a row that is not there any more means another database.
      if (known !== null && known === knownThen) this.end('epoch');
      return ticks;
    }
    if (known !== null && known.epoch !== read.epoch) {
      this.end('epoch');
      return ticks;
    }
    const version = this.#newest(read);
    if (version === null || version.deleted) {
      this.end('deleted');
      return ticks;
    }
    for (const subscriber of this.subscribers) {
      if (subscriber.rev === undefined || subscriber.rev === version.rev) continue;
      ticks += this.#tick(subscriber, version, subscriber.rev === null ? 'baseline' : cause);
    }
    return ticks;
  }

  /** Counts polls; sends heartbeats that are due. */
  count(polls: number, perHeartbeat: number, at: number): void {
    for (const subscriber of this.subscribers) {
      const before = Math.floor(subscriber.polls / perHeartbeat);
      subscriber.polls += polls;
      if (Math.floor(subscriber.polls / perHeartbeat) === before) continue;
      const version = this.#version;
      subscriber.slot.put({ type: 'heartbeat', sessionId: this.id, version, at });
    }
  }

  /** Tells everybody that the store is behind, or cannot be read. */
  lag(facts: Omit<LagEvent, 'type' | 'sessionId'>): void {
    for (const { slot } of this.subscribers)
      slot.put({ type: 'lag', sessionId: this.id, ...facts });
  }

  /** Tells everybody that it is over. */
  end(reason: GoneEvent['reason']): void {
    for (const subscriber of [...this.subscribers]) this.#end(subscriber, reason);
  }

  #end(subscriber: Subscriber, reason: GoneEvent['reason']): void {
    subscriber.slot.put({ type: 'gone', sessionId: this.id, reason });
    subscriber.slot.end();
  }

  #refuseOrWait(subscriber: Subscriber): void {
    if (subscriber.waitForCreate) {
      subscriber.rev = null;
      subscriber.slot.put({ type: 'pending', sessionId: this.id });
      return;
    }
    subscriber.slot.fail(
      new StoreError(`there is no session ${this.id}`, {
        code: 'ERR_SESSION_NOT_FOUND',
        path: this.id,
        remedy: 'check the id, or pass waitForCreate to wait for it',
      }),
    );
  }

  #tick(subscriber: Subscriber, version: SessionVersion, cause: TickCause): number {
    const prev = subscriber.rev ?? null;
    subscriber.rev = version.rev;
    subscriber.slot.put({ type: 'tick', sessionId: this.id, version, prev, cause });
    return 1;
  }

  /** Keeps the newer of two readings: they may come in another order than they were asked for. */
  #newest(read: SessionVersion | null): SessionVersion | null {
    const known = this.#version;
    if (read !== null && (known === null || read.epoch !== known.epoch || read.rev >= known.rev)) {
      this.#version = read;
    }
    return this.#version;
  }
}

/** The revision that a caller's cursor stands for; `null` for the beginning and for another database. */
function revisionOf(from: ChangeCursor | null, version: SessionVersion): number | null {
  return from !== null && from.epoch === version.epoch ? from.rev : null;
}
