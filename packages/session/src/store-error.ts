/**
 * Every way in which the store, or what reads it, can fail.
 *
 * - `ERR_STORE_NOT_FOUND`: opened for reading, and there is no store yet.
 * - `ERR_STORE_UNWRITABLE`: file or directory cannot be made or written.
 * - `ERR_STORE_CORRUPT`: damaged, or no SQLite database.
 * - `ERR_STORE_FOREIGN`: another application's database.
 * - `ERR_STORE_NEWER`: written by a later version of this package.
 * - `ERR_STORE_BUSY`: another process kept it locked.
 * - `ERR_STORE_FULL`: no space left.
 * - `ERR_STORE_READ_ONLY`: a write through a handle that only reads.
 * - `ERR_STORE_CLOSED`: used after `close()`.
 * - `ERR_STORE_IO`: any other failure of the database.
 * - `ERR_SESSION_NOT_FOUND`: no session of this id.
 */
export type StoreErrorCode =
  | 'ERR_STORE_NOT_FOUND'
  | 'ERR_STORE_UNWRITABLE'
  | 'ERR_STORE_CORRUPT'
  | 'ERR_STORE_FOREIGN'
  | 'ERR_STORE_NEWER'
  | 'ERR_STORE_BUSY'
  | 'ERR_STORE_FULL'
  | 'ERR_STORE_READ_ONLY'
  | 'ERR_STORE_CLOSED'
  | 'ERR_STORE_IO'
  | 'ERR_SESSION_NOT_FOUND';

const brand = Symbol.for('@watchkeeper/session/StoreError');

/** The facts of a {@link StoreError}. */
export interface StoreErrorInit {
  /** What went wrong. */
  readonly code: StoreErrorCode;
  /** What is concerned: the database (a path, or a connection without its secret), or the session's id. */
  readonly path: string;
  /** Whether the same call may work later. @defaultValue `false` */
  readonly retryable?: boolean;
  /** One sentence an operator can act on. */
  readonly remedy: string;
  /** The error underneath. */
  readonly cause?: unknown;
}

/** A failure of a session store, with a code to branch on and a remedy to act on. */
export class StoreError extends Error {
  /** Always `StoreError`. */
  override readonly name = 'StoreError';
  /** What went wrong. */
  readonly code: StoreErrorCode;
  /** What is concerned: the database, or for `ERR_SESSION_NOT_FOUND` the session's id. */
  readonly path: string;
  /** Whether the same call may work later: nothing of it was written. */
  readonly retryable: boolean;
  /** One sentence an operator can act on. */
  readonly remedy: string;

  /** Builds an error from its facts; `message` is one sentence without the remedy. */
  constructor(message: string, init: StoreErrorInit) {
    super(
      `${message}; ${init.remedy}`,
      init.cause === undefined ? undefined : { cause: init.cause },
    );
    this.code = init.code;
    this.path = init.path;
    this.retryable = init.retryable ?? false;
    this.remedy = init.remedy;
    Object.defineProperty(this, brand, { value: true });
  }
}

/**
 * Tells whether a value is a {@link StoreError}, also one made by another copy of this package.
 *
 * @example
 * ```ts
 * import { createSqliteStore, isStoreError } from '@watchkeeper/session';
 *
 * try {
 *   await createSqliteStore({ path: '/not/there/sessions.db', readOnly: true }).close();
 * } catch (error) {
 *   if (isStoreError(error)) console.error(error.code, error.remedy);
 * }
 * ```
 */
export function isStoreError(value: unknown): value is StoreError {
  return typeof value === 'object' && value !== null && brand in value;
}
