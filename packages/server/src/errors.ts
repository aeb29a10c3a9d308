/** Every way in which serving can fail to start or go on. */
export type ServerErrorCode =
  /** Another process listens on the port. */
  | 'ERR_SERVER_PORT_IN_USE'
  /** The operating system refuses the port to this user. */
  | 'ERR_SERVER_PERMISSION'
  /** The host name does not resolve, or is not an address of this machine. */
  | 'ERR_SERVER_ADDRESS'
  /** A host other machines can reach was asked for, and the handler has no token. */
  | 'ERR_SERVER_EXPOSED'
  /** Listening failed for another reason; see `cause`. */
  | 'ERR_SERVER_LISTEN';

const brand = Symbol.for('@watchkeeper/server/ServerError');

/** The facts of a {@link ServerError}. */
export interface ServerErrorInit {
  /** What went wrong. */
  readonly code: ServerErrorCode;
  /** The host that was asked for. */
  readonly host: string;
  /** The port that was asked for; 0 is any free one. */
  readonly port: number;
  /** One sentence an operator can act on. */
  readonly remedy: string;
  /** The error underneath. */
  readonly cause?: unknown;
}

/** A failure of `serve`, with a code to branch on and a remedy to act on. */
export class ServerError extends Error {
  /** Always `ServerError`. */
  override readonly name = 'ServerError';
  /** What went wrong. */
  readonly code: ServerErrorCode;
  /** The host that was asked for. */
  readonly host: string;
  /** The port that was asked for; 0 is any free one. */
  readonly port: number;
  /** One sentence an operator can act on. */
  readonly remedy: string;

  /** Builds an error from its facts; `message` is one sentence without the remedy. */
  constructor(message: string, init: ServerErrorInit) {
    super(
      `${message}; ${init.remedy}`,
      init.cause === undefined ? undefined : { cause: init.cause },
    );
    this.code = init.code;
    this.host = init.host;
    this.port = init.port;
    this.remedy = init.remedy;
    Object.defineProperty(this, brand, { value: true });
  }
}

/**
 * Tells whether a value is a {@link ServerError}, also one made by another copy of this package.
 *
 * @example
 * ```ts
 * import { isServerError, serve } from '@watchkeeper/server';
 *
 * try {
 *   await serve({ handler: async () => new Response('hello'), port: 4700 });
 * } catch (error) {
 *   if (isServerError(error) && error.code === 'ERR_SERVER_PORT_IN_USE') console.error(error.remedy);
 * }
 * ```
 */
export function isServerError(value: unknown): value is ServerError {
  return typeof value === 'object' && value !== null && brand in value;
}
