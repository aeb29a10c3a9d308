import type { ChangeItem, SessionRow } from '@watchkeeper/session';
import { formatCursor, SEQ_ALL } from '@watchkeeper/server';

import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findSession, requirePresent } from '../find-session.ts';
import type { CommandIo } from '../io.ts';
import { type OpenSessions, openSessions } from '../open-sessions.ts';
import { itemText, jsonLine } from '../output/frame-printer.ts';
import { createPalette, type Palette } from '../output/palette.ts';
import { printableLine } from '../output/printable.ts';
import type { Settings } from '../settings.ts';

/** Rows read and printed at once. */
const PAGE = 100;

/** Options of `session show`. */
export interface SessionShowOptions {
  /** The newest so many messages; `null` is all of them. */
  readonly limit: number | null;
  /** Read the transcripts first. */
  readonly sync: boolean;
}

/** Shows one session and its newest messages, oldest of them first. */
export async function sessionShow(
  idOrPrefix: string,
  options: SessionShowOptions,
  settings: Settings,
  io: CommandIo,
): Promise<ExitCode> {
  await using sessions = await openSessions({
    settings,
    io,
    readOnly: !options.sync,
    oneShot: true,
  });
  if (options.sync) await sessions.fill();
  const { store } = sessions;
  const id = await findSession(store, idOrPrefix);
  await requirePresent(store, id);
  const row = await store.get(id);
  if (row === null) return EXIT.gone;
  const palette = createPalette(settings.colors);
  const { epoch, rev } = row.version;
  const cursor = formatCursor({ epoch, rev, seq: SEQ_ALL });
  await io.stdout.write(settings.json ? jsonLine('session', cursor, row) : headText(row, palette));
  for await (const items of newest(sessions, id, options.limit)) {
    if (io.signal.aborted) break;
    await io.stdout.write(
      settings.json
        ? jsonLine('messages', null, { sessionId: id, items, more: false })
        : items.map((item) => itemText(item, palette)).join(''),
    );
  }
  return EXIT.ok;
}

async function* newest(
  { store }: Pick<OpenSessions, 'store'>,
  id: string,
  limit: number | null,
): AsyncGenerator<readonly ChangeItem[], void, undefined> {
  let from: number | undefined;
  let left = Number.POSITIVE_INFINITY;
  if (limit !== null) {
    const last = await seqBefore(store, id, limit);
    from = last;
    left = limit;
  }
  while (left > 0) {
    const page = {
      limit: Math.min(PAGE, left),
      dir: 'asc',
      ...(from === undefined ? {} : { from }),
    } as const;
    const items = await store.window(id, page);
    const last = items.at(-1);
    if (last === undefined) return;
    yield items;
    from = last.seq;
    left -= items.length;
  }
}

/** The `seq` after which the newest `limit` rows begin, or `undefined` for the beginning. */
async function seqBefore(
  store: OpenSessions['store'],
  id: string,
  limit: number,
): Promise<number | undefined> {
  let from: number | undefined;
  for (let left = limit; left > 0; left -= PAGE) {
    const page = {
      limit: Math.min(PAGE, left),
      dir: 'desc',
      ...(from === undefined ? {} : { from }),
    } as const;
    const items = await store.window(id, page);
    const oldest = items.at(-1);
    if (oldest === undefined) return undefined;
    from = oldest.seq;
  }
  return from === undefined ? undefined : from - 1;
}

function headText(row: SessionRow, palette: Palette): string {
  const facts: readonly (readonly [string, string | null])[] = [
    ['session', row.id],
    ['title', row.title],
    ['agent', row.provider],
    ['directory', row.cwd],
    ['parent', row.parentId],
    ['started', row.startedAt],
    ['updated', row.updatedAt],
    ['messages', String(row.version.messageCount)],
    ['transcript', row.version.source?.path ?? 'no longer there'],
  ];
  const lines = facts
    .filter((fact): fact is readonly [string, string] => fact[1] !== null)
    .map(([name, value]) => `${palette.dim(name.padEnd(11))}${printableLine(value)}\n`);
  return `${lines.join('')}\n`;
}
