import type { ChangeItem } from '@watchkeeper/session';

import { cutMessage, jsonBytes } from './cut-message.ts';
import type { WireItem } from './protocol.ts';

/** A frame is written in one piece; so many rows keep a browser's parse of it under a few milliseconds. */
export const FRAME_MAX_ITEMS = 200;

/** Largest frame in bytes: what one slow client may hold in memory, with room for copies under 1 MiB. */
export const FRAME_MAX_BYTES: number = 256 * 1024;

/** Room for the names, ids and numbers around a cut message, in bytes. */
const ENVELOPE_BYTES = 4 * 1024;

/** How much may go into one frame. */
export interface FrameLimit {
  /** Rows. */
  readonly items: number;
  /** Bytes of JSON. */
  readonly bytes: number;
}

/** What goes into one frame: rows as they are sent, and the last of them. */
export interface Parcel {
  readonly items: readonly WireItem[];
  readonly last: ChangeItem;
}

/** A row as it is sent: whole, or cut to `maxBytes` with a link to the whole. */
export function toWireItem(sessionId: string, item: ChangeItem, maxBytes: number): WireItem {
  return measure(sessionId, item, maxBytes).wire;
}

/** Splits rows into frames within the limit, in order. Each frame has at least one row. */
export function* pack(
  sessionId: string,
  rows: readonly ChangeItem[],
  limit: FrameLimit,
): Generator<Parcel, void, undefined> {
  let items: WireItem[] = [];
  let bytes = 0;
  let last: ChangeItem | undefined;
  for (const row of rows) {
    const { wire, size } = measure(sessionId, row, limit.bytes);
    if (last !== undefined && (items.length >= limit.items || bytes + size > limit.bytes)) {
      yield { items, last };
      items = [];
      bytes = 0;
    }
    items.push(wire);
    bytes += size;
    last = row;
  }
  if (last !== undefined) yield { items, last };
}

/** The path that has one row whole. */
export function itemPath(sessionId: string, seq: number): string {
  return `/api/v1/sessions/${encodeURIComponent(sessionId)}/messages/${seq}`;
}

function measure(
  sessionId: string,
  item: ChangeItem,
  maxBytes: number,
): { readonly wire: WireItem; readonly size: number } {
  const size = jsonBytes(item);
  if (size <= maxBytes || item.t === 'del') return { wire: item, size };
  const { seq, rev, key, retained } = item;
  const message = cutMessage(item.message, Math.max(0, maxBytes - ENVELOPE_BYTES));
  const href = itemPath(sessionId, seq);
  const head = { t: 'put', seq, rev, key, retained } as const;
  const wire: WireItem = { ...head, truncated: true, bytes: size, href, message };
  return { wire, size: jsonBytes(wire) };
}
