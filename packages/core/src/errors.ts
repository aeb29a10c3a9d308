/** Every way in which watching can fail. */
export type WatchErrorCode =
  | 'ERR_WATCH_BACKEND_MISSING'
  | 'ERR_WATCH_BACKEND_UNSUPPORTED'
  | 'ERR_WATCH_SCOPE_UNSUPPORTED'
  | 'ERR_WATCH_NOT_FOUND'
  | 'ERR_WATCH_NOT_DIRECTORY'
  | 'ERR_WATCH_PERMISSION'
  | 'ERR_WATCH_LOOP'
  | 'ERR_WATCH_LIMIT_WATCHES'
  | 'ERR_WATCH_LIMIT_INSTANCES'
  | 'ERR_WATCH_LIMIT_FILES'
  | 'ERR_WATCH_EVENTS_LOST'
  | 'ERR_WATCH_ROOT_GONE'
  | 'ERR_WATCH_IO'
  | 'ERR_WATCH_BACKEND_FAILED'
  | 'ERR_WATCH_TIMEOUT'
  | 'ERR_WATCH_ABORTED'
  | 'ERR_WATCH_CLOSED'
  | 'ERR_WATCH_QUEUE_FULL'
  | 'ERR_WATCH_LISTENER'
  | 'ERR_WATCH_CURSOR_INVALID';

/** What an error means for the watch: `closed` nothing more will come, `partial` some places are not covered, `noted` already repaired. */
export type WatchErrorEffect = 'closed' | 'partial' | 'noted';

const brand = Symbol.for('@watchkeeper/core/WatchError');

/** The facts of a {@link WatchError}. */
export interface WatchErrorInit {
  /** What went wrong. */
  readonly code: WatchErrorCode;
  /** What it means for the watch. @defaultValue `'closed'` */
  readonly effect?: WatchErrorEffect;
  /** Whether trying again later may work. @defaultValue `false` */
  readonly retryable?: boolean;
  /** The backend that failed, or `core`. */
  readonly backend: string;
  /** The paths concerned. */
  readonly paths?: readonly string[];
  /** One sentence an operator can act on. */
  readonly remedy?: string;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * A failure of watching, with a code to branch on and a remedy to act on. Background failures are
 * delivered as data (`problem` events), never thrown into the void.
 */
export class WatchError extends Error {
  /** Always `WatchError`. */
  override readonly name = 'WatchError';
  /** What went wrong. */
  readonly code: WatchErrorCode;
  /** What it means for the watch. */
  readonly effect: WatchErrorEffect;
  /** Whether trying again later may work. */
  readonly retryable: boolean;
  /** The backend that failed, or `core`. */
  readonly backend: string;
  /** The paths concerned. */
  readonly paths: readonly string[];
  /** One sentence an operator can act on. */
  readonly remedy?: string;

  /** Builds an error from its facts; `message` is one sentence without the remedy. */
  constructor(message: string, init: WatchErrorInit) {
    super(
      init.remedy === undefined ? message : `${message}; ${init.remedy}`,
      init.cause === undefined ? undefined : { cause: init.cause },
    );
    this.code = init.code;
    this.effect = init.effect ?? 'closed';
    this.retryable = init.retryable ?? false;
    this.backend = init.backend;
    this.paths = init.paths ?? [];
    if (init.remedy !== undefined) this.remedy = init.remedy;
    Object.defineProperty(this, brand, { value: true });
  }
}

/**
 * Tells whether a value is a {@link WatchError}, also one made by another copy of this package.
 *
 * @example
 * ```ts
 * watch.on('problem', (error) => {
 *   if (isWatchError(error) && error.code === 'ERR_WATCH_LIMIT_WATCHES') console.error(error.remedy);
 * });
 * ```
 */
export function isWatchError(value: unknown): value is WatchError {
  return typeof value === 'object' && value !== null && brand in value;
}
