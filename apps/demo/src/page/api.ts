import type { WireItem } from '@watchkeeper/server';
import type { SessionRow } from '@watchkeeper/session';

/** Messages fetched at once. */
const PAGE_SIZE = 200;

/** An answer of the server that is not what was asked for. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(path, { headers: { accept: 'application/json' } });
  if (!response.ok)
    throw new ApiError(response.status, `${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** The sessions with the newest activity. */
export async function fetchSessions(): Promise<readonly SessionRow[]> {
  const page = await get<{ readonly items: readonly SessionRow[] }>('/api/v1/sessions?limit=200');
  return page.items;
}

/** One session. */
export async function fetchSession(id: string): Promise<SessionRow> {
  return get<SessionRow>(`/api/v1/sessions/${encodeURIComponent(id)}`);
}

/** Messages in the order of the file. */
export interface Messages {
  readonly items: readonly WireItem[];
  /** Where a stream goes on without a gap. */
  readonly cursor: string;
  /** Older messages come before this `seq`; `null` when there are none. */
  readonly earlier: number | null;
}

/** Messages before a `seq`, or the newest. */
export async function fetchMessages(id: string, before: number | null): Promise<Messages> {
  const query = new URLSearchParams({ dir: 'desc', limit: String(PAGE_SIZE) });
  if (before !== null) query.set('from', String(before));
  const page = await get<{
    readonly items: readonly WireItem[];
    readonly cursor: string;
    readonly next: number | null;
  }>(`/api/v1/sessions/${encodeURIComponent(id)}/messages?${query}`);
  return { items: page.items.toReversed(), cursor: page.cursor, earlier: page.next };
}
