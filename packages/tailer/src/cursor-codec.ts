import type { TailCursor } from './cursor.ts';
import { sameFile, type FileIdentity } from './identity.ts';
import { Marker, MARKER_BYTES } from './marker.ts';
import { refusal } from './refusal.ts';

/** A line boundary of one generation of a file. */
export interface Checkpoint {
  readonly generation: number;
  /** `null`: the file was never there. */
  readonly identity: FileIdentity | null;
  readonly offset: number;
  readonly lineIndex: number;
  readonly marker: Marker;
}

/** Identity of a file that was never there. */
const NO_IDENTITY: FileIdentity = { dev: 0n, ino: 0n, birthtimeNs: 0n };

/** Writes a checkpoint as a cursor. */
export function toCursor(checkpoint: Checkpoint): TailCursor {
  const { generation, offset, lineIndex, marker } = checkpoint;
  const { dev, ino, birthtimeNs } = decimalsOf(checkpoint.identity ?? NO_IDENTITY);
  return {
    v: 1,
    generation,
    dev,
    ino,
    birthtimeNs,
    offset,
    lineIndex,
    marker: { bytes: marker.bytes, hash: marker.hash },
  };
}

type Decimals = Pick<TailCursor, 'dev' | 'ino' | 'birthtimeNs'>;

/** A cursor is made for every batch, an identity once for every open file. */
const decimals = new WeakMap<FileIdentity, Decimals>();

function decimalsOf(identity: FileIdentity): Decimals {
  let known = decimals.get(identity);
  if (known === undefined) {
    const { dev, ino, birthtimeNs } = identity;
    known = { dev: `${dev}`, ino: `${ino}`, birthtimeNs: `${birthtimeNs}` };
    decimals.set(identity, known);
  }
  return known;
}

/** Reads a cursor that {@link parseCursor} has accepted. */
export function fromCursor(cursor: TailCursor): Checkpoint {
  const { generation, offset, lineIndex } = cursor;
  const identity = {
    dev: BigInt(cursor.dev),
    ino: BigInt(cursor.ino),
    birthtimeNs: BigInt(cursor.birthtimeNs),
  };
  return {
    generation,
    identity: sameFile(identity, NO_IDENTITY) ? null : identity,
    offset,
    lineIndex,
    marker: Marker.fromHash(cursor.marker.bytes, cursor.marker.hash),
  };
}

const DECIMAL = /^\d{1,40}$/;
const BASE64URL = /^[\w-]+$/;

/**
 * Checks a stored cursor. A cursor that cannot be understood is refused, never taken for "start over".
 *
 * @throws `TypeError` that names the field, what was wanted and what came.
 */
export function parseCursor(value: unknown): TailCursor {
  if (!isRecord(value)) throw wrong('', "'end', 'start' or a cursor", value);
  if (value['v'] !== 1) throw wrong('.v', 'version 1', value['v']);
  const marker = value['marker'];
  if (!isRecord(marker)) throw wrong('.marker', 'an object', marker);
  const offset = count(value, 'offset', '.offset');
  const bytes = count(marker, 'bytes', '.marker.bytes');
  const most = Math.min(offset, MARKER_BYTES);
  if (bytes > most || (bytes === 0 && most > 0)) {
    throw wrong('.marker.bytes', `${Math.min(1, most)} to ${most} at offset ${offset}`, bytes);
  }
  return {
    v: 1,
    generation: count(value, 'generation', '.generation'),
    dev: text(value, 'dev', '.dev', DECIMAL),
    ino: text(value, 'ino', '.ino', DECIMAL),
    birthtimeNs: text(value, 'birthtimeNs', '.birthtimeNs', DECIMAL),
    offset,
    lineIndex: count(value, 'lineIndex', '.lineIndex'),
    marker: { bytes, hash: text(marker, 'hash', '.marker.hash', BASE64URL) },
  };
}

type UnknownRecord = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === 'object' && value !== null;
}

function count(record: UnknownRecord, key: string, field: string): number {
  const value = record[key];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong(field, 'a whole number of 0 or more', value);
}

function text(record: UnknownRecord, key: string, field: string, pattern: RegExp): string {
  const value = record[key];
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw wrong(field, `a string like ${pattern.source}`, value);
}

function wrong(field: string, wanted: string, value: unknown): TypeError {
  return refusal(`from${field}`, wanted, value);
}
