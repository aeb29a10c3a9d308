import type { StreamFrame } from './protocol.ts';

const encoder = new TextEncoder();

/**
 * Writes one frame in the `text/event-stream` format. Names are constants, ids are cursors and data
 * is one line of JSON, so no text inside a message can forge a frame.
 */
export function encodeFrame(frame: StreamFrame, retryMs?: number): Uint8Array<ArrayBuffer> {
  const retry = retryMs === undefined ? '' : `retry: ${Math.round(retryMs)}\n`;
  const id = frame.id === null ? '' : `id: ${frame.id}\n`;
  return encoder.encode(
    `${retry}event: ${frame.event}\n${id}data: ${JSON.stringify(frame.data)}\n\n`,
  );
}

/** A comment, which keeps proxies from closing a quiet connection; clients do not see it. */
export const KEEPALIVE_COMMENT: Uint8Array<ArrayBuffer> = encoder.encode(': hb\n\n');
