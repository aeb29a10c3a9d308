import { promisify } from 'node:util';
import { constants, crc32, deflate, inflate } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Clock } from './clock.ts';
import { EntryDecoder, EntryEncoder } from './cursor-entries.ts';
import type { AbsPath, EntryStat } from './entry.ts';
import type { EntryTable } from './entry-table.ts';
import { WatchError } from './errors.ts';
import { inSlices } from './slices.ts';

const compress = promisify(deflate);
const decompress = promisify(inflate);

/** First bytes of a cursor: what it is, and the version of its format. */
const MAGIC = Buffer.from('WKC', 'latin1');
const VERSION = 1;
const HEADER_BYTES = MAGIC.length + 1 + 4;

/** Fast, and nearly as small as the best: what is left to compress are names. */
const LEVEL = constants.Z_BEST_SPEED;

/** What a cursor is of: it says nothing about any other watch. */
export interface CursorSubject {
  /** The watched path. */
  readonly target: AbsPath;
  /** Whether everything below is watched. */
  readonly recursive: boolean;
  /** Whether a link at the path is followed. */
  readonly follow: boolean;
}

/** What the consumers of a watch had been told when a cursor was taken. */
export interface Told {
  /** Everything that was told to exist; of an absent path, nothing. */
  readonly table: EntryTable | null;
  /** Whether they had been told that they cannot be told all. */
  readonly unsure: boolean;
}

function* encode(
  subject: CursorSubject,
  unsure: boolean,
  entries: Iterable<readonly [relative: string, stat: EntryStat] | null>,
): Generator<void, Buffer> {
  const writer = new ByteWriter();
  writer.string(subject.target);
  writer.integer(Number(subject.recursive) + 2 * Number(subject.follow) + 4 * Number(unsure));
  const encoder = new EntryEncoder(writer);
  for (const entry of entries) {
    if (entry !== null) encoder.write(...entry);
    yield;
  }
  return writer.bytes();
}

/** Packs what was told into a cursor, without holding the event loop. */
export async function packCursor(
  subject: CursorSubject,
  unsure: boolean,
  entries: Iterable<readonly [relative: string, stat: EntryStat] | null>,
  clock: Clock,
): Promise<Uint8Array> {
  const packed = await compress(await inSlices(encode(subject, unsure, entries), clock), {
    level: LEVEL,
  });
  const cursor = new Uint8Array(HEADER_BYTES + packed.length);
  cursor.set(MAGIC);
  cursor[MAGIC.length] = VERSION;
  new DataView(cursor.buffer).setUint32(MAGIC.length + 1, crc32(packed), true);
  cursor.set(packed, HEADER_BYTES);
  return cursor;
}

function invalid(subject: CursorSubject, reason: string, cause?: unknown): WatchError {
  return new WatchError(`The cursor given for ${subject.target} ${reason}`, {
    code: 'ERR_WATCH_CURSOR_INVALID',
    backend: 'core',
    paths: [subject.target],
    remedy: 'watch without `since`, read everything again, and take a new cursor',
    cause,
  });
}

function* decode(subject: CursorSubject, bytes: Buffer): Generator<void, Told> {
  const reader = new ByteReader(bytes);
  const target = reader.string();
  if (target !== subject.target) throw invalid(subject, `is of ${target}`);
  const flags = reader.integer();
  const same = flags % 4 === Number(subject.recursive) + 2 * Number(subject.follow);
  if (!same) throw invalid(subject, 'was taken with other values of `recursive` or `symlinks`');
  const decoder = new EntryDecoder(reader);
  while (!reader.done) {
    decoder.read();
    yield;
  }
  return { table: decoder.table, unsure: (flags & 4) !== 0 };
}

/**
 * Unpacks a cursor, without holding the event loop; gives an error when it is no cursor, was damaged,
 * or is of another version or another watch.
 */
export async function unpackCursor(
  subject: CursorSubject,
  cursor: Uint8Array,
  clock: Clock,
): Promise<Told | WatchError> {
  const bytes = Buffer.from(cursor.buffer, cursor.byteOffset, cursor.byteLength);
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    return invalid(subject, 'is not a cursor');
  }
  const version = bytes[MAGIC.length];
  if (version !== VERSION) {
    return invalid(subject, `has the version ${version} of the format; this is version ${VERSION}`);
  }
  const packed = bytes.subarray(HEADER_BYTES);
  if (crc32(packed) !== bytes.readUInt32LE(MAGIC.length + 1)) {
    return invalid(subject, 'is damaged or cut off');
  }
  try {
    return await inSlices(decode(subject, await decompress(packed)), clock);
  } catch (error) {
    // Every reason why bytes cannot be read means the same: this is no cursor of core's.
    return error instanceof WatchError ? error : invalid(subject, 'cannot be read', error);
  }
}
