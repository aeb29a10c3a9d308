import type { ConfigErrorCode, Position } from './errors.ts';
import { ConfigError } from './errors.ts';
import { codeFrame } from './code-frame.ts';

/** Whose bytes are read. */
export interface Origin {
  /** Absolute path. */
  readonly file: string;
  /** SHA-256 of the bytes, in hex. */
  readonly hash: string;
}

/** What one parser made of one file. */
export interface ParsedDocument {
  /** The value: plain objects, arrays and scalars. */
  readonly value: unknown;
  /** Where the value at a path stands, or its nearest enclosing one that can be found. */
  locate(path: readonly PropertyKey[]): Position | undefined;
}

/** Reads one format. */
export interface Parser {
  /** Name of the format. */
  readonly format: string;
  /** File name extensions, with the dot, in lower case. */
  readonly extensions: readonly string[];
  /**
   * Parses a whole text. Must refuse what is not complete and valid: a tolerant result would be taken
   * for the truth.
   *
   * @throws ConfigError with the code `E_PARSE`, `E_DUPLICATE_KEY`, `E_UNSAFE_KEY` or `E_TOO_LARGE`.
   */
  parse(text: string, origin: Origin): ParsedDocument;
}

/** Deepest nesting of a file: far beyond what people write, far below what overflows a stack. */
export const MAX_DEPTH = 100;
/** Most values in one file, aliases counted as often as they are used: what a bomb exceeds and a 1 MiB file of real settings does not. */
export const MAX_NODES = 250_000;

/** A {@link ConfigError} that shows where in the text it arose. */
export function refusedAt(
  message: string,
  facts: {
    readonly code: ConfigErrorCode;
    readonly text: string;
    readonly origin: Origin;
    readonly position: Position;
    readonly path?: readonly PropertyKey[];
    readonly cause?: unknown;
  },
): ConfigError {
  const { cause, code, origin, path = [], position } = facts;
  const { file, hash } = origin;
  return new ConfigError(message, {
    code,
    file,
    hash,
    position,
    frame: codeFrame(facts.text, position),
    issues: [{ message, path, file, position }],
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The refusal of a file nested deeper than {@link MAX_DEPTH}. */
export function tooDeep(origin: Origin, cause?: unknown): ConfigError {
  return new ConfigError(`Values are nested deeper than ${MAX_DEPTH} levels`, {
    code: 'E_TOO_LARGE',
    ...origin,
    remedy: 'flatten the file',
    ...(cause === undefined ? {} : { cause }),
  });
}
