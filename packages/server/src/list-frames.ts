import type { MonitorSource } from './monitor-source.ts';
import { PROTOCOL_VERSION, type StreamFrame } from './protocol.ts';
import type { Clock } from '@watchkeeper/core';

/** Options of {@link listFrames}. */
export interface ListFramesOptions {
  readonly monitor: Pick<MonitorSource, 'changes'>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly heartbeatMs: number;
}

/**
 * Follows the list of sessions. The frames carry no ids: there is nothing to resume, a client loads
 * the list at each `hello` and at each `sessions.changed`.
 */
export async function* listFrames(
  options: ListFramesOptions,
): AsyncGenerator<StreamFrame, void, undefined> {
  const { monitor, signal, clock, heartbeatMs } = options;
  // Iterating begins before `hello` is sent, so a change after the client's first load is not missed.
  const changes = monitor.changes({ signal })[Symbol.asyncIterator]();
  try {
    let pending = changes.next();
    // Its failure is thrown below, when it is awaited; until then it must not count as unhandled.
    pending.catch(() => undefined);
    yield {
      event: 'hello',
      id: null,
      data: {
        protocol: PROTOCOL_VERSION,
        sessionId: null,
        mode: null,
        version: null,
        resumed: 'none',
        heartbeatMs,
        features: [],
      },
    };
    for (;;) {
      const result = await pending;
      if (result.done === true) return;
      yield result.value.type === 'changed'
        ? { event: 'sessions.changed', id: null, data: { at: clock.wallNow() } }
        : { event: 'heartbeat', id: null, data: { at: result.value.at, rev: null } };
      pending = changes.next();
    }
  } finally {
    await changes.return?.();
  }
}
