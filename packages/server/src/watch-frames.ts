import type {
  ChangeCursor,
  MonitorEvent,
  SessionStore,
  SessionVersion,
  TickCause,
} from '@watchkeeper/session';

import {
  formatCursor,
  headOf,
  type ResetReason,
  resolvePosition,
  type StartPoint,
} from './cursor.ts';
import type { MonitorSource } from './monitor-source.ts';
import { FRAME_MAX_BYTES, FRAME_MAX_ITEMS, type FrameLimit, pack } from './packing.ts';
import { PROTOCOL_VERSION, type StreamFrame, type StreamMode } from './protocol.ts';

/** Time between two heartbeats of a monitor with its default settings, in milliseconds: 20 polls of 1.5 s. */
export const HEARTBEAT_MS = 30_000;

/** Options of {@link watchFrames}. */
export interface WatchFramesOptions {
  /** Versions and changes come from it. */
  readonly store: Pick<SessionStore, 'versions' | 'changes'>;
  /** Tells when to look. */
  readonly monitor: Pick<MonitorSource, 'watch'>;
  /** The whole id of the session. */
  readonly sessionId: string;
  /** Ends the frames. */
  readonly signal: AbortSignal;
  /** What to send. @defaultValue `'tick'` */
  readonly mode?: StreamMode;
  /** Where to start. @defaultValue `'now'` */
  readonly from?: StartPoint;
  /** Wait for a session that does not exist; without it, an unknown session ends the frames at once. @defaultValue `false` */
  readonly wait?: boolean;
  /** Most that goes into one frame. @defaultValue 200 rows, 256 KiB */
  readonly frameLimit?: FrameLimit;
  /** What `hello` says about heartbeats, in milliseconds. @defaultValue `30000` */
  readonly heartbeatMs?: number;
}

/**
 * Follows one session as frames of the stream protocol: what the HTTP handler sends as server-sent
 * events and the command prints as lines of JSON.
 *
 * The first frame is `hello`. Frames with an id move the cursor; a consumer that starts again `from`
 * the last id it saw misses nothing. The next frame is made only when it is asked for, so a slow
 * consumer holds one frame and then sees the newest state. Ends when the signal aborts, after
 * `session.gone`, and when the monitor is closed. Throws what the store throws.
 *
 * @example
 * ```ts
 * import { watchFrames } from '@watchkeeper/server';
 * import { createSessionMonitor, createSqliteStore } from '@watchkeeper/session';
 *
 * const store = createSqliteStore({ path: 'watchkeeper.db' });
 * const monitor = createSessionMonitor(store);
 * const signal = AbortSignal.timeout(60_000);
 * for await (const frame of watchFrames({ store, monitor, sessionId: 'abc', signal, wait: true })) {
 *   console.log(frame.event, frame.id);
 * }
 * ```
 */
export async function* watchFrames(
  options: WatchFramesOptions,
): AsyncGenerator<StreamFrame, void, undefined> {
  const run = new FrameRun(options);
  let first = true;
  while (!options.signal.aborted) {
    const again = yield* run.follow(first);
    if (!again) return;
    first = false;
  }
}

/** One consumer's way through a session: where its cursor stands, and what it must be told. */
class FrameRun {
  readonly #options: WatchFramesOptions;
  readonly #limit: FrameLimit;
  /** `null` while the session does not exist. */
  #cursor: ChangeCursor | null = null;
  /** The newest revision the client was told of; 0 while it knows of none. */
  #toldRev = 0;
  /** The database was replaced under the client, which must reload when the session comes back. */
  #replaced = false;

  constructor(options: WatchFramesOptions) {
    this.#options = options;
    this.#limit = options.frameLimit ?? { items: FRAME_MAX_ITEMS, bytes: FRAME_MAX_BYTES };
  }

  /** Follows until the end; returns true when the database was replaced and following starts anew. */
  async *follow(first: boolean): AsyncGenerator<StreamFrame, boolean, undefined> {
    const { store, monitor, sessionId, signal, wait = false } = this.#options;
    const version = (await store.versions([sessionId])).get(sessionId);
    if (version?.deleted === true) {
      if (first) yield this.#hello(version, 'none');
      yield this.#gone();
      return false;
    }
    if (version === undefined && !wait) {
      if (!first) yield this.#gone();
      return false;
    }
    yield* first ? this.#open(version) : this.#restart(version);
    if (this.#cursor !== null && this.#mode === 'messages') yield* this.#catchUp();
    const from = this.#cursor === null ? {} : { from: this.#cursor };
    for await (const event of monitor.watch(sessionId, { signal, waitForCreate: wait, ...from })) {
      if (event.type === 'gone' && event.reason === 'epoch') return true;
      yield* this.#onEvent(event);
      if (event.type === 'gone') return false;
    }
    return false;
  }

  get #mode(): StreamMode {
    return this.#options.mode ?? 'tick';
  }

  *#open(version: SessionVersion | undefined): Generator<StreamFrame, void, undefined> {
    if (version === undefined) {
      yield this.#hello(null, 'none');
      return;
    }
    const position = resolvePosition(this.#options.from ?? 'now', version);
    this.#moveTo(position.cursor);
    yield this.#hello(version, position.resumed);
    if (position.reason !== null) yield this.#reset(position.reason);
  }

  *#restart(version: SessionVersion | undefined): Generator<StreamFrame, void, undefined> {
    this.#cursor = null;
    this.#replaced = true;
    if (version === undefined) return;
    this.#moveTo(headOf(version));
    yield this.#reset('epoch');
  }

  async *#onEvent(event: MonitorEvent): AsyncGenerator<StreamFrame, void, undefined> {
    const { sessionId } = this.#options;
    switch (event.type) {
      case 'tick':
        yield* this.#onVersion(event.version, event.cause);
        return;
      case 'heartbeat': {
        // A heartbeat carries the version, so a tick that got lost on the way is made good here.
        if (event.version !== null) yield* this.#onVersion(event.version, 'poll');
        const data = { at: event.at, rev: event.version?.rev ?? null };
        yield { event: 'heartbeat', id: null, data };
        return;
      }
      case 'lag': {
        const { bytesBehind, sinceMs, attempt, error } = event;
        yield { event: 'lag', id: null, data: { sessionId, bytesBehind, sinceMs, attempt, error } };
        return;
      }
      case 'pending':
        yield { event: 'pending', id: null, data: { sessionId } };
        return;
      case 'gone':
        if (event.reason === 'deleted') yield this.#gone();
        return;
    }
  }

  async *#onVersion(
    version: SessionVersion,
    cause: TickCause,
  ): AsyncGenerator<StreamFrame, void, undefined> {
    if (this.#cursor === null) yield* this.#appear(version);
    if (this.#cursor !== null && this.#cursor.epoch !== version.epoch) {
      this.#moveTo(headOf(version));
      yield this.#reset('epoch');
      return;
    }
    if (version.rev <= this.#toldRev) return;
    if (this.#mode === 'messages') {
      yield* this.#catchUp();
      this.#toldRev = version.rev;
      return;
    }
    const prevRev = this.#toldRev === 0 ? null : this.#toldRev;
    this.#moveTo(headOf(version));
    const { sessionId } = this.#options;
    const { rev, messageCount } = version;
    yield {
      event: 'session.updated',
      id: formatCursor(headOf(version)),
      data: { sessionId, rev, prevRev, messageCount, cause },
    };
  }

  /** The awaited session came: it is told from its beginning, unless the client held a cursor. */
  *#appear(version: SessionVersion): Generator<StreamFrame, void, undefined> {
    const { from = 'now' } = this.#options;
    const position = resolvePosition(from === 'now' ? 'start' : from, version);
    this.#moveTo(this.#replaced ? headOf(version) : position.cursor);
    if (this.#replaced) yield this.#reset('epoch');
    else if (position.reason !== null) yield this.#reset(position.reason);
  }

  async *#catchUp(): AsyncGenerator<StreamFrame, void, undefined> {
    const { store, sessionId, signal } = this.#options;
    while (this.#cursor !== null && !signal.aborted) {
      const page = await store.changes(sessionId, this.#cursor, this.#limit);
      if (page.reset) {
        const version = (await store.versions([sessionId])).get(sessionId);
        // Without a version the session is gone too, which the monitor is about to say.
        if (version === undefined) return;
        this.#moveTo(headOf(version));
        yield this.#reset('epoch');
        return;
      }
      let held: { readonly items: MessagesParcel; readonly id: string } | undefined;
      for (const parcel of pack(sessionId, page.items, this.#limit)) {
        if (held !== undefined) yield this.#messages(held.items, held.id, true);
        const { rev, seq } = parcel.last;
        held = { items: parcel.items, id: formatCursor({ epoch: page.next.epoch, rev, seq }) };
      }
      this.#moveTo(page.next);
      if (held !== undefined) {
        yield this.#messages(held.items, formatCursor(page.next), page.more);
      }
      if (!page.more) return;
    }
  }

  #moveTo(cursor: ChangeCursor): void {
    this.#cursor = cursor;
    this.#toldRev = cursor.rev;
  }

  #hello(version: SessionVersion | null, resumed: 'none' | 'replayed' | 'reset'): StreamFrame {
    const { sessionId, heartbeatMs = HEARTBEAT_MS } = this.#options;
    return {
      event: 'hello',
      id: this.#cursor === null ? null : formatCursor(this.#cursor),
      data: {
        protocol: PROTOCOL_VERSION,
        sessionId,
        mode: this.#mode,
        version,
        resumed,
        heartbeatMs,
        features: ['resume', 'truncated'],
      },
    };
  }

  #messages(items: MessagesParcel, id: string, more: boolean): StreamFrame {
    return { event: 'messages', id, data: { sessionId: this.#options.sessionId, items, more } };
  }

  #reset(reason: ResetReason): StreamFrame {
    const id = this.#cursor === null ? null : formatCursor(this.#cursor);
    return { event: 'reset', id, data: { sessionId: this.#options.sessionId, reason } };
  }

  #gone(): StreamFrame {
    const data = { sessionId: this.#options.sessionId, reason: 'deleted' } as const;
    return { event: 'session.gone', id: null, data };
  }
}

/** Rows of one `messages` frame. */
type MessagesParcel = Extract<StreamFrame, { event: 'messages' }>['data']['items'];
