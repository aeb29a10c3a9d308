import type {
  ChangeCursor,
  ChangeItem,
  ChangePage,
  ListEvent,
  MonitorEvent,
  SessionRow,
  SessionVersion,
} from '@watchkeeper/session';
import { parseLine, type ParsedMessage } from '@watchkeeper/transcript';

import type { HandlerStore, MonitorSource } from '../../src/index.ts';

/** One message as a transcript's parser makes it. */
export function prompt(text: string, lineIndex = 0): ParsedMessage {
  const line = JSON.stringify({ type: 'user', message: { role: 'user', content: text } });
  const message = parseLine(line, lineIndex);
  if (message === null) throw new Error('the line of a prompt is not blank');
  return message;
}

interface Session {
  rev: number;
  deleted: boolean;
  readonly rows: Map<string, ChangeItem>;
}

/**
 * A store and its monitor in memory, driven by the test: every write ticks at once, and a watcher
 * that does not read sees only the newest tick, as the contract of the monitor says.
 */
export class MemorySessions {
  epoch = 'e1';
  /** Set to make every read of the store fail. */
  failure: Error | null = null;
  /** What `changes` was asked for, in order. */
  readonly reads: (ChangeCursor | null)[] = [];
  readonly #sessions = new Map<string, Session>();
  readonly #watchers = new Set<{ readonly id: string | null; readonly slot: Slot<MonitorEvent> }>();
  readonly #listeners = new Set<Slot<ListEvent>>();

  /** Writes messages in one transaction; a message's key is `k<seq>` unless given. */
  put(id: string, texts: readonly string[], key?: string): void {
    const session = this.#sessions.get(id) ?? { rev: 0, deleted: false, rows: new Map() };
    this.#sessions.set(id, session);
    session.rev += 1;
    for (const text of texts) {
      const seq = session.rows.get(key ?? '')?.seq ?? session.rows.size + 1;
      const item = { seq, rev: session.rev, key: key ?? `k${seq}`, retained: false };
      session.rows.set(item.key, { t: 'put', ...item, message: prompt(text, seq - 1) });
    }
    this.#tick(id);
  }

  /** Takes one message back. */
  retract(id: string, key: string): void {
    const session = this.#session(id);
    session.rev += 1;
    const { seq } = session.rows.get(key) ?? { seq: 0 };
    session.rows.set(key, { t: 'del', seq, rev: session.rev, key });
    this.#tick(id);
  }

  delete(id: string): void {
    const session = this.#session(id);
    session.deleted = true;
    session.rev += 1;
    this.emit(id, { type: 'gone', sessionId: id, reason: 'deleted' });
  }

  /** Replaces the database by an empty one, without telling; see {@link emit}. */
  replace(epoch: string): void {
    this.epoch = epoch;
    this.#sessions.clear();
  }

  /** Sends an event to the watchers of a session. `gone` ends them. */
  emit(id: string, event: MonitorEvent): void {
    for (const { id: watched, slot } of this.#watchers) {
      if (watched !== id) continue;
      slot.put(event);
      if (event.type === 'gone') slot.end();
    }
  }

  emitList(event: ListEvent): void {
    for (const slot of this.#listeners) slot.put(event);
  }

  /** Makes the watchers of a session fail. */
  failWatchers(id: string, error: Error): void {
    for (const { id: watched, slot } of this.#watchers) if (watched === id) slot.fail(error);
  }

  version(id: string): SessionVersion | undefined {
    const session = this.#sessions.get(id);
    if (session === undefined) return undefined;
    const { rev, deleted, rows } = session;
    const messageCount = [...rows.values()].filter(({ t }) => t === 'put').length;
    return { epoch: this.epoch, rev, messageCount, source: null, deleted };
  }

  /** Rows as a client that applied everything holds them: key to revision. */
  rows(id: string): ReadonlyMap<string, number> {
    const live = [...this.#session(id).rows.values()].filter(({ t }) => t === 'put');
    return new Map(live.map(({ key, rev }) => [key, rev]));
  }

  /** How many iterators are open. */
  get watching(): number {
    return this.#watchers.size + this.#listeners.size;
  }

  readonly store: HandlerStore = {
    get: async (id) => this.#row(id),
    list: async (filter = {}, page = {}) => {
      this.#mayFail();
      if (page.after !== undefined && !/^\d+$/.test(page.after)) throw new TypeError('page.after');
      const rows = [...this.#sessions.keys()].map((id) => this.#row(id));
      const found = rows.filter((row): row is SessionRow => row !== null && !row.version.deleted);
      const wanted = found.filter((row) => (filter.provider ?? row.provider) === row.provider);
      const first = Number(page.after ?? 0);
      const last = first + (page.limit ?? 100);
      return {
        items: wanted.slice(first, last),
        next: last < wanted.length ? String(last) : null,
      };
    },
    versions: async (ids) => {
      this.#mayFail();
      const found = ids.map((id) => [id, this.version(id)] as const);
      return new Map(
        found.filter((pair): pair is [string, SessionVersion] => pair[1] !== undefined),
      );
    },
    changes: async (id, after, limit) => this.#changes(id, after, limit?.items ?? 200),
    window: async (id, { from, limit = 100, dir = 'asc' } = {}) => {
      const rows = [...(this.#sessions.get(id)?.rows.values() ?? [])].filter(
        ({ t }) => t === 'put',
      );
      rows.sort((a, b) => (dir === 'asc' ? a.seq - b.seq : b.seq - a.seq));
      const isAfter = (seq: number): boolean =>
        from === undefined || (dir === 'asc' ? seq > from : seq < from);
      return rows.filter(({ seq }) => isAfter(seq)).slice(0, limit);
    },
  };

  readonly monitor: MonitorSource = {
    watch: (id, { signal, from, waitForCreate }) => {
      const slot = new Slot<MonitorEvent>((event) => event.type === 'tick');
      const watcher = { id, slot };
      this.#watchers.add(watcher);
      slot.onEnd(() => this.#watchers.delete(watcher));
      signal.addEventListener('abort', () => slot.end());
      if (signal.aborted) slot.end();
      const version = this.version(id);
      if (version === undefined && waitForCreate === true) {
        slot.put({ type: 'pending', sessionId: id });
      } else if (version !== undefined && from !== undefined && from.rev !== version.rev) {
        slot.put({ type: 'tick', sessionId: id, version, prev: from.rev, cause: 'baseline' });
      }
      return slot;
    },
    changes: ({ signal }) => {
      const slot = new Slot<ListEvent>((event) => event.type === 'changed');
      this.#listeners.add(slot);
      slot.onEnd(() => this.#listeners.delete(slot));
      signal.addEventListener('abort', () => slot.end());
      return slot;
    },
  };

  #tick(id: string): void {
    const version = this.version(id);
    if (version === undefined) return;
    this.emit(id, { type: 'tick', sessionId: id, version, prev: null, cause: 'hint' });
    this.emitList({ type: 'changed' });
  }

  #session(id: string): Session {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new Error(`there is no session ${id}`);
    return session;
  }

  #row(id: string): SessionRow | null {
    this.#mayFail();
    const version = this.version(id);
    if (version === undefined) return null;
    const facts = { provider: 'claude-code', cwd: '/p', title: null, parentId: null };
    return { id, ...facts, startedAt: null, updatedAt: null, version };
  }

  #changes(id: string, after: ChangeCursor | null, limit: number): ChangePage {
    this.#mayFail();
    this.reads.push(after);
    const session = this.#session(id);
    const reset = after !== null && (after.epoch !== this.epoch || after.rev > session.rev);
    const from = after === null || reset ? { rev: 0, seq: 0 } : after;
    const rows = [...session.rows.values()]
      .filter((row) => row.rev > from.rev || (row.rev === from.rev && row.seq > from.seq))
      .sort((a, b) => a.rev - b.rev || a.seq - b.seq);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const next = { epoch: this.epoch, rev: last?.rev ?? from.rev, seq: last?.seq ?? from.seq };
    return { items, next, more: rows.length > items.length, reset };
  }

  #mayFail(): void {
    if (this.failure !== null) throw this.failure;
  }
}

/** A queue in which a newer event of a collapsing kind takes the place of an older one. */
class Slot<T> implements AsyncIterable<T> {
  readonly #collapses: (event: T) => boolean;
  #events: T[] = [];
  #ended = false;
  #failure: Error | null = null;
  #wake: (() => void) | null = null;
  #onEnd: () => void = () => undefined;

  constructor(collapses: (event: T) => boolean) {
    this.#collapses = collapses;
  }

  onEnd(listener: () => void): void {
    this.#onEnd = listener;
  }

  put(event: T): void {
    if (this.#ended) return;
    if (this.#collapses(event)) this.#events = this.#events.filter((old) => !this.#collapses(old));
    this.#events.push(event);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#onEnd();
    this.#wake?.();
  }

  fail(error: Error): void {
    this.#failure = error;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        if (this.#failure !== null) throw this.#failure;
        const event = this.#events.shift();
        if (event !== undefined) yield event;
        else if (this.#ended) return;
        else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.end();
    }
  }
}
