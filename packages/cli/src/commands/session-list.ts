import type { SessionFilter, SessionRow } from '@watchkeeper/session';

import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CommandIo } from '../io.ts';
import { openSessions } from '../open-sessions.ts';
import { jsonLine } from '../output/frame-printer.ts';
import { createPalette, type Palette } from '../output/palette.ts';
import { printableLine } from '../output/printable.ts';
import type { Settings } from '../settings.ts';

/** Rows asked of the store at once. */
const PAGE = 200;

/** Widths of a table that fits a terminal of 120 columns with whole ids. */
const TITLE_WIDTH = 48;

/** Options of `session list`. */
export interface SessionListOptions {
  readonly limit: number;
  readonly provider?: string;
  readonly cwd?: string;
  /** Read the transcripts first. */
  readonly sync: boolean;
}

/** Lists sessions, newest activity first. */
export async function sessionList(
  options: SessionListOptions,
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
  const filter: SessionFilter = {
    ...(options.provider === undefined ? {} : { provider: options.provider }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  };
  const palette = createPalette(settings.colors);
  let left = options.limit;
  let after: string | null | undefined;
  while (left > 0 && after !== null && !io.signal.aborted) {
    const page = { limit: Math.min(PAGE, left), ...(after === undefined ? {} : { after }) };
    const { items, next } = await sessions.store.list(filter, page);
    const lines = items.map((row) =>
      settings.json ? jsonLine('session', null, row) : rowText(row, palette),
    );
    if (lines.length > 0) await io.stdout.write(lines.join(''));
    left -= items.length;
    after = next;
  }
  if (left === options.limit && io.stdout.isTerminal && !settings.json) {
    await io.stderr.write(
      `no sessions below ${settings.roots.map((root) => printableLine(root)).join(', ')}\n`,
    );
  }
  return EXIT.ok;
}

function rowText(row: SessionRow, palette: Palette): string {
  const time = (row.updatedAt ?? '').replace('T', ' ').slice(0, 16).padEnd(16);
  const count = String(row.version.messageCount).padStart(6);
  const title = printableLine(row.title ?? '', TITLE_WIDTH).padEnd(TITLE_WIDTH);
  const where = palette.dim(printableLine(row.cwd ?? ''));
  const id = palette.bold(printableLine(row.id));
  return `${id}  ${palette.dim(printableLine(time))} ${count}  ${title}  ${where}`
    .trimEnd()
    .concat('\n');
}
