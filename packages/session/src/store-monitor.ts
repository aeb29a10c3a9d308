import { systemClock, type Clock, type Timer } from '@watchkeeper/core';

import { ListFeed } from './list-feed.ts';
import type { ListEvent, MonitorEvent, TickCause } from './monitor-event.ts';
import {
  HINT_COALESCE_MS,
  monitorSettings,
  STORE_RETRY_MAX_MS,
  type FallbackSync,
  type MonitorOptions,
  type MonitorSettings,
  type MonitorWatchOptions,
} from './monitor-options.ts';
import type { MonitorStats, SessionMonitor } from './session-monitor.ts';
import { SourceFallback } from './source-fallback.ts';
import { statSourceFile } from './source-stat.ts';
import type { SessionStore, SessionVersion } from './store.ts';
import { WatchedSession, type Subscriber } from './watched-session.ts';

/** The monitor of one store: one timer, one gate, one query per change, whoever watches. */
export class StoreMonitor implements SessionMonitor {
  readonly #store: SessionStore;
  readonly #clock: Clock;
  readonly #settings: MonitorSettings;
  readonly #sync: Required<FallbackSync> | null;
  readonly #watched = new Map<string, WatchedSession>();
  readonly #feed: ListFeed;
  readonly #counts = { polls: 0, gateHits: 0, ticks: 0, fallbacks: 0, fallbackErrors: 0 };
  #gate: string | null = null;
  #pollTimer: Timer | null = null;
  #hintTimer: Timer | null = null;
  #stopHints: (() => void) | null = null;
  #polledAt = 0;
  #failures = 0;
  #failingSince = 0;
  #retryAt = 0;
  #checking: Promise<void> | null = null;
  #wanted: TickCause | null = null;
  #closed = false;

  constructor(store: SessionStore, options: MonitorOptions) {
    this.#store = store;
    this.#settings = monitorSettings(options);
    this.#clock = options.clock ?? systemClock;
    this.#feed = new ListFeed(this.#clock);
    this.#sync = fallbackSync(options);
  }

  watch(sessionId: string, options: MonitorWatchOptions = {}): AsyncIterableIterator<MonitorEvent> {
    if (typeof sessionId !== 'string' || sessionId === '') {
      throw new TypeError(`sessionId: wanted a non-empty string, got ${JSON.stringify(sessionId)}`);
    }
    const known = this.#watched.get(sessionId);
    const session = known ?? new WatchedSession(sessionId);
    const subscriber = session.subscribe(options.from, options.waitForCreate === true, (ended) =>
      this.#leave(session, ended),
    );
    if (this.#closed || options.signal?.aborted === true) {
      subscriber.slot.abort();
      return subscriber.slot;
    }
    if (known === undefined) {
      this.#watched.set(sessionId, session);
      session.fallback = this.#fallback(session);
    }
    subscriber.slot.endOn(options.signal);
    this.#start();
    void this.#readBaseline(session, subscriber);
    return subscriber.slot;
  }

  changes(options: { readonly signal?: AbortSignal } = {}): AsyncIterableIterator<ListEvent> {
    const slot = this.#feed.subscribe(() => this.#rest());
    if (this.#closed || options.signal?.aborted === true) {
      slot.abort();
      return slot;
    }
    slot.endOn(options.signal);
    this.#start();
    return slot;
  }

  stats(): MonitorStats {
    let subscribers = this.#feed.size;
    for (const session of this.#watched.values()) subscribers += session.subscribers.size;
    return { sessions: this.#watched.size, subscribers, ...this.#counts };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const session of [...this.#watched.values()]) session.end('closed');
    this.#feed.close();
    this.#rest();
  }

  #leave(session: WatchedSession, subscriber: Subscriber): void {
    session.subscribers.delete(subscriber);
    if (session.subscribers.size > 0) return;
    session.fallback?.stop();
    if (this.#watched.get(session.id) === session) this.#watched.delete(session.id);
    this.#rest();
  }

  #idle(): boolean {
    return this.#watched.size === 0 && this.#feed.size === 0;
  }

  #start(): void {
    if (this.#pollTimer !== null) return;
    this.#stopHints = this.#store.onHint((hint) => {
      if (hint === 'unknown' || this.#feed.size > 0 || this.#watched.has(hint.sessionId)) {
        this.#wake();
      }
    });
    this.#polledAt = this.#clock.now();
    this.#pollTimer = this.#clock.setTimeout(() => this.#poll(), this.#settings.pollMs);
    void this.#prime();
  }

  /** Frees everything when nobody watches. */
  #rest(): void {
    if (!this.#idle()) return;
    this.#pollTimer?.cancel();
    this.#pollTimer = null;
    this.#hintTimer?.cancel();
    this.#hintTimer = null;
    this.#stopHints?.();
    this.#stopHints = null;
    this.#gate = null;
    this.#failures = 0;
    this.#retryAt = 0;
  }

  /** Takes the gate before the first baseline is read, so that quiet polls need not read versions. */
  async #prime(): Promise<void> {
    try {
      const gate = await this.#store.gate();
      if (!this.#idle()) this.#gate ??= gate;
    } catch {
      // The first poll meets the same failure and tells it.
    }
  }

  async #readBaseline(session: WatchedSession, subscriber: Subscriber): Promise<void> {
    try {
      const versions = await this.#store.versions([session.id]);
      this.#counts.ticks += session.baseline(subscriber, versions.get(session.id) ?? null);
    } catch (error) {
      session.postpone(subscriber);
      this.#fail(error);
    }
  }

  #poll(): void {
    const now = this.#clock.now();
    // A process that slept wakes to one poll, which counts for all that it missed.
    const polls = Math.max(1, Math.floor((now - this.#polledAt) / this.#settings.pollMs));
    this.#polledAt = now;
    this.#pollTimer = this.#clock.setTimeout(() => this.#poll(), this.#settings.pollMs);
    const at = this.#clock.wallNow();
    for (const session of [...this.#watched.values()]) {
      session.count(polls, this.#settings.heartbeatTicks, at);
    }
    this.#feed.count(polls, this.#settings.heartbeatTicks);
    if (now < this.#retryAt) return;
    this.#counts.polls += 1;
    void this.#check('poll');
  }

  /** The first hint is followed at once, those right after it together. */
  #wake(): void {
    if (this.#hintTimer !== null) {
      this.#wanted = 'hint';
      return;
    }
    this.#hintTimer = this.#clock.setTimeout(() => {
      this.#hintTimer = null;
      if (this.#wanted !== null) this.#wake();
    }, HINT_COALESCE_MS);
    void this.#check('hint');
  }

  /** Looks at the store; a look that is asked for during another follows it. */
  async #check(cause: TickCause): Promise<void> {
    if (this.#checking !== null) {
      if (cause !== 'poll') this.#wanted = cause;
      return this.#checking;
    }
    this.#wanted = null;
    this.#checking = this.#look(cause);
    await this.#checking;
    this.#checking = null;
    if (this.#wanted !== null && this.#hintTimer === null && !this.#idle()) this.#wake();
  }

  async #look(cause: TickCause): Promise<void> {
    const asked = [...this.#watched.values()].map((session) => ({
      session,
      known: session.version,
    }));
    try {
      const gate = await this.#store.gate();
      if (gate === this.#gate) {
        if (cause === 'poll') this.#counts.gateHits += 1;
      } else {
        const versions: ReadonlyMap<string, SessionVersion> =
          asked.length === 0
            ? new Map()
            : await this.#store.versions(asked.map(({ session }) => session.id));
        this.#gate = gate;
        this.#feed.notify();
        for (const { session, known } of asked) {
          const read = versions.get(session.id) ?? null;
          const why = session.fallback?.running === true ? 'fallback' : cause;
          this.#counts.ticks += session.update(read, known, why);
        }
      }
      this.#failures = 0;
      this.#retryAt = 0;
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (cause === 'poll') for (const { session } of asked) void session.fallback?.look();
  }

  /** Looks at the store with a look that began after the call. */
  async #refresh(): Promise<void> {
    await this.#checking;
    await this.#check('fallback');
  }

  /** The store could not be read: one `lag` tells it, and the next looks come less often. */
  #fail(error: unknown): void {
    if (this.#idle()) return;
    const now = this.#clock.now();
    this.#gate = null;
    if (this.#failures === 0) this.#failingSince = now;
    this.#failures += 1;
    const pause = Math.min(this.#settings.pollMs * 2 ** (this.#failures - 1), STORE_RETRY_MAX_MS);
    this.#retryAt = now + pause;
    if (this.#failures > 1) return;
    const message = error instanceof Error ? error.message : String(error);
    for (const session of this.#watched.values()) {
      session.lag({
        bytesBehind: 0,
        sinceMs: now - this.#failingSince,
        attempt: this.#failures,
        error: message,
      });
    }
  }

  #fallback(session: WatchedSession): SourceFallback | null {
    if (this.#sync === null) return null;
    return new SourceFallback(session.id, {
      clock: this.#clock,
      settings: this.#settings,
      sync: this.#sync,
      recorded: () => session.version?.source ?? null,
      refresh: () => this.#refresh(),
      onLag: (lag) => session.lag(lag),
      onStart: () => {
        this.#counts.fallbacks += 1;
      },
      onFailure: () => {
        this.#counts.fallbackErrors += 1;
      },
    });
  }
}

function fallbackSync(options: MonitorOptions): Required<FallbackSync> | null {
  const { sync } = options;
  const syncSession = options.syncSession ?? sync?.syncSession.bind(sync);
  if (syncSession === undefined) return null;
  const statSource =
    options.statSource ??
    sync?.statSource?.bind(sync) ??
    (async (_sessionId, recorded) => (recorded === null ? null : statSourceFile(recorded.path)));
  return { syncSession, statSource };
}
