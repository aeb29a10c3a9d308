import { parseCursor, type StartPoint, type StreamFrame, watchFrames } from '@watchkeeper/server';

import { EXIT, type ExitCode } from '../exit-codes.ts';
import { CommandFailure } from '../failure.ts';
import { findSession, requirePresent } from '../find-session.ts';
import type { CommandIo } from '../io.ts';
import { type OpenSessions, openSessions } from '../open-sessions.ts';
import { createJsonPrinter, createTextPrinter } from '../output/frame-printer.ts';
import { createPalette } from '../output/palette.ts';
import type { Settings } from '../settings.ts';
import { StopWatch, type Until } from '../stop-watch.ts';

/** Most that goes into one line: rows as in a stream, and no row is cut. */
const LINE_LIMIT = { items: 200, bytes: 256 * 1024 * 1024 };

/** Options of `session watch`. */
export interface SessionWatchOptions {
  readonly messages: boolean;
  readonly from: string;
  readonly wait: boolean;
  readonly heartbeat: boolean;
  readonly until?: Until;
  readonly timeout?: number;
}

/** Follows one session until it is stopped. */
export async function sessionWatch(
  idOrPrefix: string,
  options: SessionWatchOptions,
  settings: Settings,
  io: CommandIo,
): Promise<ExitCode> {
  const from = readStart(options.from);
  await using sessions = await openSessions({ settings, io });
  await using stop = new StopWatch({ ...options, clock: io.clock, signal: io.signal });
  const id = await resolveSession(sessions, idOrPrefix, options.wait, io);
  if (io.signal.aborted) return EXIT.ok;
  const palette = createPalette(settings.colors);
  const printer = settings.json
    ? createJsonPrinter(io.stdout)
    : createTextPrinter(io.stdout, palette, () => io.clock.wallNow());
  const frames = watchFrames({
    store: sessions.store,
    monitor: sessions.monitor,
    sessionId: id,
    signal: stop.signal,
    mode: options.messages ? 'messages' : 'tick',
    from,
    wait: options.wait,
    frameLimit: LINE_LIMIT,
  });
  stop.begin();
  for await (const frame of frames) {
    if (isWanted(frame, options)) await printer.print(frame);
    stop.saw(frame);
  }
  return stop.exitCode;
}

function isWanted(frame: StreamFrame, options: SessionWatchOptions): boolean {
  return options.heartbeat || frame.event !== 'heartbeat';
}

function readStart(text: string): StartPoint {
  if (text === 'now' || text === 'start') return text;
  const cursor = parseCursor(text);
  if (cursor !== null) return cursor;
  throw new CommandFailure(
    EXIT.usage,
    `--from: ${JSON.stringify(text)} is neither now, start nor a cursor`,
    'a cursor is the id of a line that was printed with --json',
  );
}

/**
 * Finds the session and brings it up to date. A whole id that is known starts at once, while the other
 * transcripts are read; the beginning of one waits for them, since any of them may match as well.
 */
async function resolveSession(
  sessions: OpenSessions,
  idOrPrefix: string,
  wait: boolean,
  io: CommandIo,
): Promise<string> {
  const { store, sync } = sessions;
  const isKnown = (await store.versions([idOrPrefix])).has(idOrPrefix);
  if (!isKnown) {
    await sessions.fill();
    if (io.signal.aborted) return idOrPrefix;
    const { ids } = await store.resolve(idOrPrefix);
    // Waiting takes the id as it is: what begins with it now is another session.
    return wait && !ids.includes(idOrPrefix) ? idOrPrefix : findSession(store, idOrPrefix);
  }
  await requirePresent(store, idOrPrefix);
  if (sync === null) return idOrPrefix;
  try {
    await sync.syncSession(idOrPrefix, io.signal);
  } catch {
    // Its transcript is gone or cannot be read: what is stored is shown, and the monitor tells the lag.
  }
  // A failure is told as a problem of the place it concerns; this session is already followed.
  void sync.start().catch(() => undefined);
  return idOrPrefix;
}
