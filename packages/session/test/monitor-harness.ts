import { createManualClock, type ManualClock } from '@watchkeeper/core/testing';
import {
  createSessionMonitor,
  createSqliteStore,
  type IngestBatch,
  type MonitorEvent,
  type MonitorOptions,
  type MonitorWatchOptions,
  type SessionMonitor,
  type SessionStore,
  type SourceStat,
} from '@watchkeeper/session';

import { cursorAt, ingestBatch, promptItems } from '../src/testing/fixtures.ts';

/** What one watch said so far. */
export interface Recording {
  readonly events: MonitorEvent[];
  /** Types of the events, heartbeats included. */
  readonly types: () => string[];
  readonly ticks: () => Extract<MonitorEvent, { type: 'tick' }>[];
  readonly done: () => boolean;
  readonly failure: () => unknown;
  readonly stop: () => void;
}

/** A monitor on a store in memory, on a clock that a test moves. */
export interface Harness {
  readonly clock: ManualClock;
  readonly store: SessionStore;
  readonly monitor: SessionMonitor;
  /** How often the monitor asked the store. */
  readonly calls: { gate: number; versions: number };
  /** Set to make `gate` and `versions` fail. */
  readonly broken: { error: Error | null };
  /** Commits one more message, as this process would, or as another one would: without a hint. */
  readonly commit: (how?: 'own' | 'foreign', batch?: Partial<IngestBatch>) => Promise<void>;
  readonly watch: (id?: string, options?: MonitorWatchOptions) => Recording;
  readonly close: () => Promise<void>;
}

/** A transcript as a sync engine would see it. */
export function sourceStat(
  size: number,
  path: string = '/transcripts/session-a.jsonl',
): SourceStat {
  return { path, size, mtimeNs: String(size) };
}

export function createHarness(options: MonitorOptions = {}): Harness {
  const clock = createManualClock();
  const store = createSqliteStore({ path: ':memory:' });
  const calls = { gate: 0, versions: 0 };
  const broken: { error: Error | null } = { error: null };
  let muted = false;
  let lines = 0;

  const seen: SessionStore = {
    kind: store.kind,
    writable: store.writable,
    resolve: (text) => store.resolve(text),
    get: (id) => store.get(id),
    list: (filter, page) => store.list(filter, page),
    changes: (id, after, limit) => store.changes(id, after, limit),
    window: (id, query) => store.window(id, query),
    sourceCursor: (key) => store.sourceCursor(key),
    source: (key) => store.source(key),
    apply: (batch) => store.apply(batch),
    detach: (key) => store.detach(key),
    delete: (id) => store.delete(id),
    close: () => store.close(),
    onHint: (listener) =>
      store.onHint((hint) => {
        if (!muted) listener(hint);
      }),
    async gate() {
      calls.gate += 1;
      if (broken.error !== null) throw broken.error;
      return store.gate();
    },
    versions(ids) {
      calls.versions += 1;
      return broken.error === null ? store.versions(ids) : Promise.reject(broken.error);
    },
  };
  const monitor = createSessionMonitor(seen, { clock, ...options });

  return {
    clock,
    store,
    monitor,
    calls,
    broken,
    async commit(how = 'own', batch = {}) {
      muted = how === 'foreign';
      const expected = lines === 0 ? null : cursorAt(lines);
      await store.apply(
        ingestBatch(lines + 1, { expected, items: promptItems(lines, 1), ...batch }),
      );
      lines += 1;
      muted = false;
    },
    watch(id = 'session-a', watchOptions = {}) {
      const events: MonitorEvent[] = [];
      let done = false;
      let failure: unknown;
      const iterator = monitor.watch(id, watchOptions);
      const read = async (): Promise<void> => {
        try {
          for await (const event of iterator) events.push(event);
        } catch (error) {
          // Kept for the test to look at.
          failure = error;
        }
        done = true;
      };
      void read();
      return {
        events,
        types: () => events.map((event) => event.type),
        ticks: () => events.filter((event) => event.type === 'tick'),
        done: () => done,
        failure: () => failure,
        stop: () => void iterator.return?.(),
      };
    },
    async close() {
      await monitor.close();
      await store.close();
    },
  };
}
