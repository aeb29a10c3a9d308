import type { MessagesData, WireItem } from '@watchkeeper/server';
import type { SessionRow } from '@watchkeeper/session';

import { ApiError, fetchMessages, fetchSession, fetchSessions } from './api.ts';
import { Conversation, sessionHeader } from './conversation.ts';
import { byId } from './dom.ts';
import { count } from './format.ts';
import { LatencyMeter } from './latency.ts';
import { sessionItems, titleOf } from './session-list.ts';
import { Stream } from './stream.ts';

/** Time between two redraws of the list when nothing changes, in milliseconds: its relative times grow old. */
const REDRAW_MS = 10_000;

const connection = byId('connection', HTMLParagraphElement);
const latency = byId('latency', HTMLParagraphElement);
const list = byId('sessions', HTMLOListElement);
const summary = byId('list-summary', HTMLParagraphElement);
const header = byId('session-header', HTMLElement);
const earlier = byId('earlier', HTMLButtonElement);
const empty = byId('empty', HTMLParagraphElement);
const conversation = new Conversation(
  byId('session', HTMLElement),
  byId('messages', HTMLOListElement),
  byId('follow', HTMLButtonElement),
);
const meter = new LatencyMeter();

let rows: readonly SessionRow[] = [];
let chosen: string | null = null;
let stream: Stream | null = null;

function showState(state: 'live' | 'lost'): void {
  connection.dataset['state'] = state;
  connection.textContent = state === 'live' ? 'live' : 'connection lost, trying again';
}

function drawList(): void {
  const focused = document.activeElement?.closest('li')?.dataset['id'];
  list.replaceChildren(...sessionItems(rows, chosen, Date.now(), (row) => void choose(row.id)));
  summary.textContent = rows.length === 0 ? 'No sessions yet.' : count(rows.length, 'session');
  if (focused !== undefined) {
    list.querySelector<HTMLElement>(`[data-id="${CSS.escape(focused)}"] button`)?.focus();
  }
  const row = rows.find(({ id }) => id === chosen);
  if (row !== undefined) drawHeader(row);
}

function drawHeader(row: SessionRow): void {
  header.hidden = false;
  header.replaceChildren(
    ...sessionHeader(titleOf(row), [
      row.provider,
      row.cwd ?? '',
      row.id,
      count(row.version.messageCount, 'message'),
    ]),
  );
}

async function refreshList(): Promise<void> {
  rows = await fetchSessions();
  drawList();
  const wanted = decodeURIComponent(location.hash.slice(1));
  const first = rows.find(({ id }) => id === wanted) ?? rows[0];
  if (chosen === null && first !== undefined) await choose(first.id);
}

async function choose(id: string): Promise<void> {
  stream?.close();
  stream = null;
  chosen = id;
  history.replaceState(null, '', `#${encodeURIComponent(id)}`);
  conversation.clear();
  empty.hidden = true;
  earlier.hidden = true;
  drawList();
  try {
    const [row, messages] = await Promise.all([fetchSession(id), fetchMessages(id, null)]);
    if (chosen !== id) return;
    drawHeader(row);
    conversation.apply(messages.items, false);
    conversation.toEnd();
    offerEarlier(messages.earlier);
    follow(id, messages.cursor);
  } catch (error) {
    if (chosen !== id) return;
    if (!(error instanceof ApiError)) throw error;
    empty.hidden = false;
    empty.textContent = `This session cannot be shown: ${error.message}`;
  }
}

function follow(id: string, cursor: string): void {
  const query = new URLSearchParams({ mode: 'messages', last_event_id: cursor });
  stream = new Stream(
    `/api/v1/sessions/${encodeURIComponent(id)}/watch?${query}`,
    ['hello', 'messages', 'reset', 'session.gone'],
    {
      state: showState,
      event(name, data) {
        if (chosen !== id) return;
        if (name === 'messages') show((data as MessagesData).items);
        else if (name === 'reset') void choose(id);
        else if (name === 'session.gone') {
          stream?.close();
          empty.hidden = false;
          empty.textContent = 'This session was deleted.';
        }
      },
    },
  );
}

function show(items: readonly WireItem[]): void {
  const now = Date.now();
  const { oldest } = conversation;
  for (const item of conversation.apply(items, true)) {
    if (item.t === 'put' && !('truncated' in item)) meter.add(item.message.timestamp, now);
  }
  // Following for long lets old messages go: they can be had back.
  if (oldest !== null && conversation.oldest !== oldest) offerEarlier(conversation.oldest);
  const median = meter.median();
  latency.textContent = median === null ? '' : `${Math.round(median)} ms from record to page`;
}

function offerEarlier(before: number | null): void {
  earlier.hidden = before === null;
  earlier.value = String(before);
}

async function showEarlier(id: string): Promise<void> {
  earlier.disabled = true;
  try {
    const messages = await fetchMessages(id, Number(earlier.value));
    if (chosen !== id) return;
    conversation.prepend(messages.items);
    offerEarlier(messages.earlier);
  } finally {
    earlier.disabled = false;
  }
}

earlier.addEventListener('click', () => {
  if (chosen !== null) void showEarlier(chosen);
});

// Kept for the life of the page: the list follows what any session does.
const changes = new Stream('/api/v1/events', ['hello', 'sessions.changed'], {
  state: showState,
  event: () => void refreshList(),
});
addEventListener('pagehide', () => {
  changes.close();
  stream?.close();
});
setInterval(drawList, REDRAW_MS);
void refreshList();
