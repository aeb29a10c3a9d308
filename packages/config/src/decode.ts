import { ConfigError } from './errors.ts';
import { positionAt } from './code-frame.ts';
import { MAX_DEPTH, MAX_NODES, tooDeep } from './parser.ts';
import type { Origin, ParsedDocument, Parser } from './parser.ts';

/** Largest file read unless a layer says otherwise: fifty times a large hand-written configuration. */
export const DEFAULT_MAX_BYTES = 1_048_576;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether the bytes hold nothing but blanks, so that they look like a file just truncated. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

/** Turns bytes into text: UTF-8 with or without a byte order mark. */
export function decode(bytes: Uint8Array, { file, hash }: Origin): string {
  const encoding = (message: string, cause?: unknown): ConfigError =>
    new ConfigError(message, {
      code: 'E_ENCODING',
      file,
      hash,
      remedy: 'save the file as UTF-8',
      ...(cause === undefined ? {} : { cause }),
    });
  if (isBlank(bytes)) {
    throw new ConfigError('The file is empty', {
      code: 'E_EMPTY',
      file,
      hash,
      remedy: 'write the whole content, best to another name that is then renamed',
    });
  }
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw encoding('The file is UTF-16');
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1) {
    throw encoding(
      bytes.every((byte) => byte === 0)
        ? 'The file holds nothing but NUL bytes, as after a power failure'
        : `The file holds a NUL byte at offset ${nul}`,
    );
  }
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw encoding('The file is not valid UTF-8', error);
  }
}

function unsafeKey(key: string, value: unknown): boolean {
  if (key === '__proto__') return true;
  return (
    key === 'constructor' &&
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, 'prototype')
  );
}

/**
 * Refuses values that could harm whoever merges or walks them: prototype keys, cycles, bombs. Counts
 * a shared value as often as it is reached.
 */
export function guardValue(document: ParsedDocument, text: string, origin: Origin): void {
  const open: { value: unknown; path: readonly PropertyKey[] }[] = [
    { value: document.value, path: [] },
  ];
  let nodes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (++nodes > MAX_NODES) {
      throw new ConfigError(`The file holds more than ${MAX_NODES} values`, {
        code: 'E_TOO_LARGE',
        ...origin,
        remedy: 'split the file',
      });
    }
    if (path.length > MAX_DEPTH) throw tooDeep(origin);
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      const childPath = [...path, key];
      if (unsafeKey(key, child)) {
        const message = `The key ${JSON.stringify(key)} could change the prototype of objects`;
        const position = document.locate(childPath) ?? positionAt(text, 0);
        throw new ConfigError(message, {
          code: 'E_UNSAFE_KEY',
          ...origin,
          position,
          issues: [{ message, path: childPath, file: origin.file, position }],
          remedy: 'rename the key',
        });
      }
      open.push({ value: child, path: childPath });
    }
  }
}

/** A file's content, ready to be merged. */
export interface LayerDocument {
  /** The top level: always a mapping. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The file it was read from. */
  readonly origin: Origin;
  /** The text it was read from. */
  readonly text: string;
  /** Where the value at a path stands. */
  locate: ParsedDocument['locate'];
}

/** Decodes, parses and checks the bytes of one file. */
export function readDocument(bytes: Uint8Array, parser: Parser, origin: Origin): LayerDocument {
  const text = decode(bytes, origin);
  const document = parser.parse(text, origin);
  guardValue(document, text, origin);
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = 'The top level must be a mapping of settings';
    const position = positionAt(text, 0);
    throw new ConfigError(message, {
      code: 'E_PARSE',
      ...origin,
      position,
      issues: [{ message, path: [], file: origin.file, position }],
    });
  }
  return {
    value: value as Readonly<Record<string, unknown>>,
    origin,
    text,
    locate: (path) => document.locate(path),
  };
}
