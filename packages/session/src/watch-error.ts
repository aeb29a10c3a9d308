import { inspect } from 'node:util';

import type { TailError, TailErrorCode } from '@watchkeeper/tailer';

/**
 * What went wrong, by its effect.
 *
 * - `READ_ERROR`: the file cannot be read, or not be watched well, for now. Watching goes on: nothing is skipped.
 * - `PARSE_ERROR`: the parser failed, a line is too long or was never finished, or `onMessages` threw or
 *   rejected. The line is skipped, the batch counts as delivered; watching goes on.
 * - `WATCH_ERROR`: watching is over; the handle has stopped and its session can be watched anew.
 */
export type WatchErrorCode = 'READ_ERROR' | 'PARSE_ERROR' | 'WATCH_ERROR';

/** A problem of a watched session, delivered to `onError`. */
export interface WatchError {
  /** The session it concerns. */
  readonly sessionId: string;
  /** What went wrong. */
  readonly code: WatchErrorCode;
  /** One sentence, with what an operator can do where that is known. */
  readonly message: string;
  /** The error underneath; absent when `onMessages` threw what is no `Error`. */
  readonly cause?: Error;
}

/** What an error of the tail means to a session. */
export function watchErrorOf(sessionId: string, error: TailError): WatchError {
  if (error.code === 'CALLBACK_ERROR') return callbackError(sessionId, error.cause);
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = error.terminal ? 'WATCH_ERROR' : EFFECTS[error.code];
  return { sessionId, code, message: error.message, cause };
}

/** The tail's own words are about its `onBatch`, which the caller never gave. */
function callbackError(sessionId: string, thrown: unknown): WatchError {
  const failed = thrown instanceof Error;
  const message = `onMessages failed: ${failed ? thrown.message : inspect(thrown)}; its batch counts as delivered: handle errors inside onMessages, or watch again from an earlier cursor`;
  const error = { sessionId, code: EFFECTS.CALLBACK_ERROR, message };
  return failed ? { ...error, cause: thrown } : error;
}

/** What goes on after each error that is not terminal. */
const EFFECTS: Readonly<Record<TailErrorCode, WatchErrorCode>> = {
  READ_ERROR: 'READ_ERROR',
  PARSE_ERROR: 'PARSE_ERROR',
  LINE_TOO_LONG: 'PARSE_ERROR',
  CALLBACK_ERROR: 'PARSE_ERROR',
  // The tail goes on by looking at the file itself.
  WATCH_ERROR: 'READ_ERROR',
};

const brand = Symbol.for('@watchkeeper/session/SessionFileError');

/** Why a transcript cannot be watched: as the system says it (`ENOENT`, `EACCES`), or `ERR_NOT_A_FILE`. */
export type SessionFileErrorCode = 'ENOENT' | 'EACCES' | 'ERR_NOT_A_FILE' | (string & {});

/** A transcript that cannot be watched from the start; thrown by `watchSession`. */
export class SessionFileError extends Error {
  /** Always `SessionFileError`. */
  override readonly name = 'SessionFileError';
  /** Why. */
  readonly code: SessionFileErrorCode;
  /** The transcript. */
  readonly path: string;
  /** One sentence an operator can act on. */
  readonly remedy: string;

  /** Builds an error from its facts; `message` is one sentence without the remedy. */
  constructor(
    message: string,
    init: {
      /** Why. */
      readonly code: SessionFileErrorCode;
      /** The transcript. */
      readonly path: string;
      /** One sentence an operator can act on. */
      readonly remedy: string;
      /** The error underneath. */
      readonly cause?: unknown;
    },
  ) {
    super(
      `${message}; ${init.remedy}`,
      init.cause === undefined ? undefined : { cause: init.cause },
    );
    this.code = init.code;
    this.path = init.path;
    this.remedy = init.remedy;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Tells whether a value is a {@link SessionFileError}, also one made by another copy of this package. */
export function isSessionFileError(value: unknown): value is SessionFileError {
  return typeof value === 'object' && value !== null && brand in value;
}
