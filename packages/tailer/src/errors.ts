/**
 * Every way in which tailing can fail.
 *
 * - `READ_ERROR`: the file cannot be opened or read for now. Tailing goes on: it is tried again with growing pauses.
 * - `PARSE_ERROR`: a line could not become an item, or was never finished. The line is skipped.
 * - `LINE_TOO_LONG`: a line is longer than `maxLineBytes`. The line is skipped.
 * - `WATCH_ERROR`: watching failed. Only when {@link TailError.terminal} is set has the tail stopped.
 * - `CALLBACK_ERROR`: `onBatch` threw or rejected. Its batch counts as delivered.
 */
export type TailErrorCode =
  | 'READ_ERROR'
  | 'PARSE_ERROR'
  | 'LINE_TOO_LONG'
  | 'WATCH_ERROR'
  | 'CALLBACK_ERROR';

const brand = Symbol.for('@watchkeeper/tailer/TailError');

/** The facts of a {@link TailError}. */
export interface TailErrorInit {
  /** What went wrong. */
  readonly code: TailErrorCode;
  /** The tailed path. */
  readonly path: string;
  /** The bytes concerned, in the file as it was in `generation`. */
  readonly range?: { readonly start: number; readonly end: number };
  /** The generation that `range` belongs to. @defaultValue `0` */
  readonly generation?: number;
  /** Whether the tail has stopped for good. @defaultValue `false` */
  readonly terminal?: boolean;
  /** One sentence an operator can act on. */
  readonly remedy?: string;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * A failure of tailing, delivered as data to `onError`. Unless {@link TailError.terminal} is set, tailing
 * goes on.
 */
export class TailError extends Error {
  /** Always `TailError`. */
  override readonly name = 'TailError';
  /** What went wrong. */
  readonly code: TailErrorCode;
  /** The tailed path. */
  readonly path: string;
  /** The bytes concerned, if the failure concerns a line or a batch. */
  readonly range?: { readonly start: number; readonly end: number };
  /** The generation that `range` belongs to. */
  readonly generation: number;
  /** Whether the tail has stopped for good. */
  readonly terminal: boolean;
  /** One sentence an operator can act on. */
  readonly remedy?: string;

  /** Builds an error from its facts; `message` is one sentence without the remedy. */
  constructor(message: string, init: TailErrorInit) {
    super(
      init.remedy === undefined ? message : `${message}; ${init.remedy}`,
      init.cause === undefined ? undefined : { cause: init.cause },
    );
    this.code = init.code;
    Object.defineProperty(this, brand, { value: true });
    this.path = init.path;
    if (init.range !== undefined) this.range = init.range;
    this.generation = init.generation ?? 0;
    this.terminal = init.terminal ?? false;
    if (init.remedy !== undefined) this.remedy = init.remedy;
  }
}

/**
 * Tells whether a value is a {@link TailError}, also one made by another copy of this package.
 *
 * @example
 * ```ts
 * tail('app.log', {
 *   onError: (error) => {
 *     if (isTailError(error) && error.code === 'LINE_TOO_LONG') console.error(error.range);
 *   },
 * });
 * ```
 */
export function isTailError(value: unknown): value is TailError {
  return typeof value === 'object' && value !== null && brand in value;
}
