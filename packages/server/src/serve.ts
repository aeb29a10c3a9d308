import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

import { type Clock, systemClock } from '@watchkeeper/core';

import { MISDIRECTED } from './guard.ts';
import { checkedHost } from './handler-options.ts';
import type { SessionHandler } from './handler.ts';
import {
  authority,
  type HostPolicy,
  isAllowedHost,
  isLoopback,
  loopbackAuthorities,
} from './hosts.ts';
import { exposedError, listenError } from './listen-error.ts';
import { hostHeader, toRequest } from './node-request.ts';
import { sendResponse } from './node-response.ts';
import { problem, refusal } from './reply.ts';

/** A request's head must arrive within this time, in milliseconds; a slower one only holds a socket. */
export const HEAD_TIMEOUT_MS = 10_000;

/** Connections that are still open this long after `close` are cut, in milliseconds: later than streams take to say `bye`. */
export const CLOSE_DEADLINE_MS = 4000;

/** Options of {@link serve}. */
export interface ServeOptions {
  /** Answers the requests: `createHandler` makes one, any function of a web-standard request will do. */
  readonly handler: SessionHandler | ((request: Request) => Promise<Response>);
  /** Address or name to listen on. One that other machines can reach needs a handler with a token. @defaultValue `'127.0.0.1'` */
  readonly host?: string;
  /** Port to listen on, 0 to 65535; 0 is any free one. @defaultValue `0` */
  readonly port?: number;
  /** Further `Host` headers to answer, each with its port: the names a proxy in front is known by. @defaultValue none */
  readonly hosts?: readonly string[];
  /** Time. @defaultValue the system clock */
  readonly clock?: Clock;
}

/** A listening server. */
export interface RunningServer {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** The port it listens on. */
  readonly port: number;
  /** Stops listening, ends every stream with `bye`, and resolves when no connection is left, within five seconds. Idempotent. */
  close(): Promise<void>;
}

/**
 * Serves a handler over HTTP/1.1 on Node. Resolves once it listens. Requests whose `Host` is not the
 * server's own address are refused before the handler sees them.
 *
 * @throws `ServerError`: `ERR_SERVER_PORT_IN_USE` (choose another port), `ERR_SERVER_PERMISSION`
 * (a port above 1023), `ERR_SERVER_ADDRESS` (an address of this machine), `ERR_SERVER_EXPOSED` (give
 * the handler a token, or listen on loopback). `TypeError` for a bad option.
 *
 * @example
 * ```ts
 * import { serve } from '@watchkeeper/server';
 *
 * const server = await serve({ handler: async () => new Response('hello'), port: 0 });
 * console.log(await (await fetch(server.url)).text());
 * await server.close();
 * ```
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { handler, host = '127.0.0.1', port = 0, clock = systemClock } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError(`port: wanted an integer from 0 to 65535, got ${port}`);
  }
  const extraHosts = (options.hosts ?? []).map(checkedHost);
  const session = isSessionHandler(handler) ? handler : null;
  if (!isLoopback(host) && session?.guarded !== true) throw exposedError(host, port);
  const server = createServer({ requireHostHeader: false });
  server.headersTimeout = HEAD_TIMEOUT_MS;
  const bound = await listen(server, host, port);
  const hosts = [...ownAuthorities(host, bound.port), ...extraHosts];
  session?.allowHosts(hosts);
  const connections = new Connections(server, { handler, hosts, clock, origin: originOf(bound) });
  let closed: Promise<void> | undefined;
  return {
    url: `http://${authority(isIP(host) === 0 ? host : bound.address, bound.port)}`,
    port: bound.port,
    close: () => (closed ??= connections.close(session)),
  };
}

interface ConnectionsOptions {
  readonly handler: (request: Request) => Promise<Response>;
  readonly hosts: HostPolicy;
  readonly clock: Clock;
  /** The base of every request's URL. */
  readonly origin: string;
}

/** Carries requests from `node:http` to a handler and the answers back. */
class Connections {
  readonly #server: Server;
  readonly #options: ConnectionsOptions;
  #closing = false;

  constructor(server: Server, options: ConnectionsOptions) {
    this.#server = server;
    this.#options = options;
    server.on('request', (message, target) => void this.#carry(message, target));
  }

  async close(session: SessionHandler | null): Promise<void> {
    this.#closing = true;
    const stopped = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const deadline = this.#options.clock.setTimeout(
      () => this.#server.closeAllConnections(),
      CLOSE_DEADLINE_MS,
    );
    await session?.close();
    this.#server.closeIdleConnections();
    await stopped;
    deadline.cancel();
  }

  async #carry(message: IncomingMessage, target: ServerResponse): Promise<void> {
    const { clock } = this.#options;
    const gone = new AbortController();
    target.once('close', () => {
      gone.abort();
      // A connection that became idle after the server stopped listening would keep it open.
      if (this.#closing) this.#server.closeIdleConnections();
    });
    // A socket that fails is a client that left; `close` follows.
    target.on('error', () => gone.abort());
    if (this.#closing) target.setHeader('connection', 'close');
    await sendResponse(await this.#respond(message, gone.signal), target, clock);
  }

  async #respond(message: IncomingMessage, signal: AbortSignal): Promise<Response> {
    const { handler, hosts, origin } = this.#options;
    const host = hostHeader(message);
    if (host === null || !isAllowedHost(host, hosts)) return refusal(MISDIRECTED);
    try {
      const request = await toRequest(message, origin, signal);
      return request instanceof Request ? await handler(request) : refusal(request);
    } catch {
      // A plain function may throw; what it said is none of the client's business. A client that
      // left in the middle of its body comes here too, and will not read the answer.
      return problem(500, 'internal', 'The server could not answer this request.');
    }
  }
}

async function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise<AddressInfo>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)));
    server.listen({ host, port }, () => {
      const address = server.address();
      // Only a server on a pipe has a text for an address, and none at all before it listens.
      if (address === null || typeof address === 'string') return;
      resolve(address);
    });
  });
}

function isSessionHandler(handler: ServeOptions['handler']): handler is SessionHandler {
  return 'allowHosts' in handler && 'close' in handler && 'guarded' in handler;
}

function originOf(bound: AddressInfo): string {
  return `http://${authority(bound.address, bound.port)}`;
}

/** Every name under which clients reach a server on a host; a wildcard address is all of the machine's. */
function ownAuthorities(host: string, port: number): readonly string[] {
  const named = [...loopbackAuthorities(port), authority(host, port)];
  if (host !== '0.0.0.0' && host !== '::') return named;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return [...named, ...addresses.map(({ address }) => authority(address, port))];
}
