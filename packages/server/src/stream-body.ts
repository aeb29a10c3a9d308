import type { Clock } from '@watchkeeper/core';

import { Conveyor, type Delivery } from './conveyor.ts';
import type { StreamFrame } from './protocol.ts';
import { encodeFrame, KEEPALIVE_COMMENT } from './sse.ts';
import type { OpenStream } from './stream-registry.ts';

/** A comment is sent after so much silence, in milliseconds; the HTML standard suggests about 15 s against proxy time-outs. */
export const KEEPALIVE_MS = 15_000;

/** Shortest time after which clients come back, in milliseconds. */
export const RETRY_MIN_MS = 1000;

/** Clients come back spread over so much time, in milliseconds, so that a restart is not followed by one burst. */
export const RETRY_SPREAD_MS = 2000;

/** Options of {@link streamBody}. */
export interface StreamBodyOptions {
  readonly stream: OpenStream;
  readonly clock: Clock;
  readonly keepaliveMs: number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
}

/**
 * Writes frames into a response body. A frame is made when the reader asks for one and not before, so
 * a reader that stalls holds one frame, whatever happens meanwhile. Every end but the client's own is
 * told: by `session.gone`, else by `bye`.
 */
export function streamBody(
  frames: AsyncIterable<StreamFrame>,
  options: StreamBodyOptions,
): ReadableStream<Uint8Array> {
  const { stream, clock, keepaliveMs, random, onError } = options;
  const conveyor = new Conveyor(frames, { clock, quietMs: keepaliveMs, closing: stream.closing });
  const retryMs = (): number => Math.round(RETRY_MIN_MS + random() * RETRY_SPREAD_MS);
  let first = true;
  let cancelled = false;

  const deliver = async (): Promise<Delivery<StreamFrame>> => {
    try {
      return await conveyor.next();
    } catch (error) {
      onError(error);
      return { kind: 'ended' };
    }
  };
  const chunkOf = (delivery: Delivery<StreamFrame>): Uint8Array => {
    if (delivery.kind === 'quiet') return KEEPALIVE_COMMENT;
    if (delivery.kind !== 'item') {
      return encodeFrame({ event: 'bye', id: null, data: { retryMs: retryMs() } });
    }
    const chunk = encodeFrame(delivery.item, first ? retryMs() : undefined);
    first = false;
    return chunk;
  };
  const isLast = (delivery: Delivery<StreamFrame>): boolean =>
    delivery.kind === 'item'
      ? delivery.item.event === 'session.gone'
      : delivery.kind === 'closing' || delivery.kind === 'ended';

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const onEnd = (): void => {
          conveyor.stop();
          if (!cancelled) controller.close();
        };
        if (stream.signal.aborted) onEnd();
        else stream.signal.addEventListener('abort', onEnd, { once: true });
      },
      async pull(controller) {
        const delivery = await deliver();
        if (stream.signal.aborted) return;
        controller.enqueue(chunkOf(delivery));
        if (isLast(delivery)) stream.end();
      },
      cancel() {
        cancelled = true;
        stream.end();
      },
    },
    { highWaterMark: 0 },
  );
}
