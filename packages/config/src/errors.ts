/** Every way in which configuration can fail. */
export type ConfigErrorCode =
  | 'E_NOT_FOUND'
  | 'E_READ'
  | 'E_UNSTABLE'
  | 'E_TOO_LARGE'
  | 'E_ENCODING'
  | 'E_EMPTY'
  | 'E_PARSE'
  | 'E_DUPLICATE_KEY'
  | 'E_UNSAFE_KEY'
  | 'E_SCHEMA'
  | 'E_LISTENER'
  | 'E_NACK'
  | 'E_ACK_TIMEOUT'
  | 'E_CLOSED'
  | 'E_ABORTED';

/** A place in a text file. */
export interface Position {
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1, in UTF-16 units. */
  readonly column: number;
  /** Offset from the start of the text, from 0, in UTF-16 units. */
  readonly offset: number;
}

/** One complaint about the content. */
export interface Issue {
  /** One sentence. */
  readonly message: string;
  /** Keys from the root to the value complained about. */
  readonly path: readonly PropertyKey[];
  /** The file that supplied the value, or its nearest enclosing one; absent when no file did. */
  readonly file?: string;
  /** Where in {@link Issue.file}. */
  readonly position?: Position;
}

const brand = Symbol.for('@watchkeeper/config/ConfigError');

/** The facts of a {@link ConfigError}. */
export interface ConfigErrorInit {
  /** What went wrong. */
  readonly code: ConfigErrorCode;
  /** The file concerned. */
  readonly file?: string;
  /** Where in the file. */
  readonly position?: Position;
  /** The lines around the position, marked. */
  readonly frame?: string;
  /** Every complaint, first one first. @defaultValue none */
  readonly issues?: readonly Issue[];
  /** SHA-256 of the refused bytes, in hex. */
  readonly hash?: string;
  /** Whether it may pass by itself. @defaultValue `false` */
  readonly transient?: boolean;
  /** One sentence an operator can act on. */
  readonly remedy?: string;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * A failure of configuration, with a code to branch on and, where a file is to blame, its line,
 * column and the lines around them. The frame and messages of schemas may quote values of the file:
 * do not log them for files that hold secrets.
 */
export class ConfigError extends Error {
  /** Always `ConfigError`. */
  override readonly name = 'ConfigError';
  /** What went wrong. */
  readonly code: ConfigErrorCode;
  /** The file concerned. */
  declare readonly file?: string;
  /** Where in the file. */
  declare readonly position?: Position;
  /** The lines around the position, the column marked. */
  declare readonly frame?: string;
  /** Every complaint, first one first. */
  readonly issues: readonly Issue[];
  /** SHA-256 of the refused bytes, in hex. */
  declare readonly hash?: string;
  /** Whether it may pass by itself: a file that is still being written, a busy handle. */
  readonly transient: boolean;
  /** One sentence an operator can act on. */
  declare readonly remedy?: string;

  /** Builds an error from its facts; `message` is one sentence without file, position and remedy. */
  constructor(message: string, init: ConfigErrorInit) {
    super(
      `${placeOf(init)}${message}${init.remedy === undefined ? '' : `; ${init.remedy}`}`,
      init.cause === undefined ? undefined : { cause: init.cause },
    );
    Object.defineProperty(this, brand, { value: true });
    this.code = init.code;
    if (init.file !== undefined) this.file = init.file;
    if (init.position !== undefined) this.position = init.position;
    if (init.frame !== undefined) this.frame = init.frame;
    this.issues = init.issues ?? [];
    if (init.hash !== undefined) this.hash = init.hash;
    this.transient = init.transient ?? false;
    if (init.remedy !== undefined) this.remedy = init.remedy;
  }
}

function placeOf(init: ConfigErrorInit): string {
  if (init.file === undefined) return '';
  if (init.position === undefined) return `${init.file}: `;
  return `${init.file}:${init.position.line}:${init.position.column}: `;
}

/**
 * Tells whether a value is a {@link ConfigError}, also one made by another copy of this package.
 *
 * @example
 * ```ts
 * const result = await config.reload();
 * if (result.status === 'rejected') console.error(result.error.message, result.error.frame);
 * ```
 */
export function isConfigError(value: unknown): value is ConfigError {
  return typeof value === 'object' && value !== null && brand in value;
}
