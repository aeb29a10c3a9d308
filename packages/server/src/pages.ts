import type { ChangeItem, SessionFilter, SessionStore, SessionVersion } from '@watchkeeper/session';

import { parseRange } from './byte-range.ts';
import { formatCursor, headOf } from './cursor.ts';
import { jsonBytes } from './cut-message.ts';
import { FRAME_MAX_BYTES, toWireItem } from './packing.ts';
import type { WireItem } from './protocol.ts';
import { json, problem } from './reply.ts';

/** Rows of a page when the request does not say. */
export const PAGE_DEFAULT_LIMIT = 100;

/** Most rows of a page. */
export const PAGE_MAX_LIMIT = 1000;

/** A page of messages ends early once it has this many bytes: what a browser parses without a stall. */
export const PAGE_MAX_BYTES: number = 4 * 1024 * 1024;

/** Rows read from the store at once, so that a page of huge messages is not read whole to be cut after. */
const SLICE_ROWS = 50;

/** What of a store the pages read. */
export type PageStore = Pick<SessionStore, 'get' | 'list' | 'versions' | 'window'>;

/** `GET /api/v1/sessions`. */
export async function sessionsPage(store: PageStore, query: URLSearchParams): Promise<Response> {
  const limit = readLimit(query);
  if (limit === null) return badQuery('limit', `a whole number from 1 to ${PAGE_MAX_LIMIT}`);
  const filter: SessionFilter = {
    ...optional('provider', query.get('provider')),
    ...optional('cwd', query.get('cwd')),
    ...optional('parentId', query.get('parentId')),
  };
  try {
    return json(await store.list(filter, { limit, ...optional('after', query.get('after')) }));
  } catch (error) {
    // A TypeError is the store's word for an argument it cannot read, and only `after` is free text.
    if (error instanceof TypeError) return badQuery('after', 'the `next` of the page before');
    throw error;
  }
}

/** `GET /api/v1/sessions/{id}`. */
export async function sessionPage(store: PageStore, id: string): Promise<Response> {
  return withSession(store, id, async () => {
    const row = await store.get(id);
    return row === null ? notFound() : json(row);
  });
}

/** `GET /api/v1/sessions/{id}/messages`. */
export async function messagesPage(
  store: PageStore,
  id: string,
  query: URLSearchParams,
): Promise<Response> {
  const limit = readLimit(query);
  if (limit === null) return badQuery('limit', `a whole number from 1 to ${PAGE_MAX_LIMIT}`);
  const dir = query.get('dir') ?? 'asc';
  if (dir !== 'asc' && dir !== 'desc') return badQuery('dir', 'asc or desc');
  const fromText = query.get('from');
  if (fromText !== null && !/^\d{1,15}$/.test(fromText)) return badQuery('from', 'a `seq`');
  const from = fromText === null ? null : Number(fromText);
  return withSession(store, id, async (version) => {
    // The version was read before the rows: a row that changes in between comes again on the stream.
    const { items, next } = await readWindow(store, id, { from, limit, dir });
    return json({ sessionId: id, version, cursor: formatCursor(headOf(version)), items, next });
  });
}

/** `GET /api/v1/sessions/{id}/messages/{seq}`: one row whole, or the byte range asked for. */
export async function messagePage(
  store: PageStore,
  id: string,
  seq: number,
  range: string | null,
): Promise<Response> {
  return withSession(store, id, async () => {
    const rows = await store.window(id, { from: Math.max(0, seq - 1), limit: 1, dir: 'asc' });
    const row = rows.find((candidate) => candidate.seq === seq);
    if (row === undefined) return problem(404, 'not-found', 'There is no such message.');
    return ranged(json(row, 200, { 'accept-ranges': 'bytes' }), range);
  });
}

/** Answers for a session that exists; 404 for one that never did, 410 for one that was deleted. */
export async function withSession(
  store: Pick<PageStore, 'versions'>,
  id: string,
  answer: (version: SessionVersion) => Promise<Response>,
): Promise<Response> {
  const version = (await store.versions([id])).get(id);
  if (version === undefined) return notFound();
  if (version.deleted) return problem(410, 'gone', 'This session was deleted.');
  return answer(version);
}

/** The answer for a session that is not in the store. */
export function notFound(): Response {
  return problem(404, 'not-found', 'There is no session with this id.');
}

/** The answer for a query parameter that cannot be read. */
export function badQuery(name: string, wanted: string): Response {
  return problem(400, 'bad-query', `${name}: wanted ${wanted}.`);
}

interface WindowRequest {
  readonly from: number | null;
  readonly limit: number;
  readonly dir: 'asc' | 'desc';
}

async function readWindow(
  store: PageStore,
  id: string,
  { from, limit, dir }: WindowRequest,
): Promise<{ readonly items: readonly WireItem[]; readonly next: number | null }> {
  const items: WireItem[] = [];
  let bytes = 0;
  let last = from;
  while (items.length < limit && bytes < PAGE_MAX_BYTES) {
    const wanted = Math.min(SLICE_ROWS, limit - items.length);
    const rows: readonly ChangeItem[] = await store.window(id, {
      limit: wanted,
      dir,
      ...(last === null ? {} : { from: last }),
    });
    for (const row of rows) {
      const item = toWireItem(id, row, FRAME_MAX_BYTES);
      bytes += jsonBytes(item);
      items.push(item);
      last = row.seq;
      if (bytes >= PAGE_MAX_BYTES) return { items, next: last };
    }
    if (rows.length < wanted) return { items, next: null };
  }
  return { items, next: last };
}

async function ranged(whole: Response, header: string | null): Promise<Response> {
  if (header === null) return whole;
  const body = new Uint8Array(await whole.arrayBuffer());
  const size = body.byteLength;
  const headers = new Headers(whole.headers);
  const range = parseRange(header, size);
  if (range === null) return new Response(body, { headers });
  if (range === 'unsatisfiable') {
    return problem(416, 'range', 'The message ends before this range.', {
      'content-range': `bytes */${size}`,
    });
  }
  const part = body.subarray(range.first, range.last + 1);
  headers.set('content-range', `bytes ${range.first}-${range.last}/${size}`);
  headers.set('content-length', String(part.byteLength));
  return new Response(part, { status: 206, headers });
}

function readLimit(query: URLSearchParams): number | null {
  const text = query.get('limit');
  if (text === null) return PAGE_DEFAULT_LIMIT;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= PAGE_MAX_LIMIT ? limit : null;
}

/** An object with one property, or an empty one when the value is `null`. */
function optional<Name extends string>(
  name: Name,
  value: string | null,
): { readonly [Key in Name]?: string } {
  const found: { [Key in Name]?: string } = {};
  if (value !== null) found[name] = value;
  return found;
}
