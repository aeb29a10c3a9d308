import { parseCursor, type StartPoint } from './cursor.ts';
import { refuse } from './guard.ts';
import { type HandlerOptions, type HandlerSettings, handlerSettings } from './handler-options.ts';
import type { HostPolicy } from './hosts.ts';
import { listFrames } from './list-frames.ts';
import {
  badQuery,
  messagePage,
  messagesPage,
  sessionPage,
  sessionsPage,
  withSession,
} from './pages.ts';
import { PROTOCOL_VERSION, type StreamFrame } from './protocol.ts';
import { eventStream, json, problem, refusal, secured, withoutBody } from './reply.ts';
import { parseRoute, type Route } from './route.ts';
import { streamBody } from './stream-body.ts';
import { StreamRegistry } from './stream-registry.ts';
import { watchFrames } from './watch-frames.ts';

/** When clients that met a full or closing server may try again, in seconds: a restart takes about as long. */
const RETRY_AFTER_SECONDS = 3;

/** Answers requests; what `createHandler` makes. */
export interface SessionHandler {
  /** Answers one request. Never rejects: a failure is a 500, told to `onError`. */
  (request: Request): Promise<Response>;
  /** Requests below `/api` need a token. */
  readonly guarded: boolean;
  /** Answers under these `Host` headers too, and from then on only under listed ones. `serve` calls it once it knows its port. */
  allowHosts(hosts: readonly string[]): void;
  /** What is open now. */
  stats(): { readonly streams: number };
  /** Ends every stream with `bye` and answers everything else with 503. Resolves within four seconds. Idempotent. */
  close(): Promise<void>;
}

/**
 * Makes a handler of web-standard requests: sessions as JSON, their changes as server-sent events.
 *
 * Every request passes the same gate, in this order: `Host` allow-list (421), `Origin` and
 * `Sec-Fetch-Site` (403), method and content type (405, 415), token (401). The store and the monitor
 * stay the caller's: close the handler first, then them.
 *
 * @throws `TypeError` for a bad option, naming it.
 *
 * @example
 * ```ts
 * import { createHandler, serve } from '@watchkeeper/server';
 * import { createSessionMonitor, createSqliteStore } from '@watchkeeper/session';
 *
 * const store = createSqliteStore({ path: 'watchkeeper.db' });
 * const monitor = createSessionMonitor(store);
 * const server = await serve({ handler: createHandler({ store, monitor }), port: 4700 });
 * console.log(`${server.url}/api/v1/sessions`);
 * ```
 */
export function createHandler(options: HandlerOptions): SessionHandler {
  const site = new Site(options, handlerSettings(options));
  return Object.assign(async (request: Request) => site.answer(request), {
    guarded: options.token !== undefined,
    allowHosts: (hosts: readonly string[]) => site.allowHosts(hosts),
    stats: () => ({ streams: site.streams.size }),
    close: () => site.streams.close(),
  });
}

class Site {
  readonly streams: StreamRegistry;
  readonly #options: HandlerOptions;
  readonly #settings: HandlerSettings;
  #hosts: HostPolicy;

  constructor(options: HandlerOptions, settings: HandlerSettings) {
    this.#options = options;
    this.#settings = settings;
    this.#hosts = settings.hosts;
    this.streams = new StreamRegistry({
      clock: settings.clock,
      maxStreams: settings.maxStreams,
      maxAgeMs: settings.maxStreamAgeMs,
    });
  }

  allowHosts(hosts: readonly string[]): void {
    this.#hosts = [...(this.#hosts ?? []), ...hosts];
  }

  async answer(request: Request): Promise<Response> {
    try {
      const response = await this.#answer(request);
      return request.method === 'HEAD' ? await withoutBody(response) : response;
    } catch (error) {
      this.#settings.onError(error);
      return problem(500, 'internal', 'The server could not answer this request.');
    }
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const route = parseRoute(url.pathname);
    const { method, headers } = request;
    const host = headers.get('host') ?? url.host;
    const api = route.name !== 'page';
    const refused = refuse({ method, host, headers, api }, this.#hosts);
    if (refused !== null) return refusal(refused);
    if ((api || !isRead(request)) && !(await this.#admits(headers))) {
      const challenge = { 'www-authenticate': 'Bearer' };
      return problem(401, 'unauthorized', 'Send the token as a bearer token.', challenge);
    }
    if (this.streams.closing) return unavailable(503, 'closing', 'The server is shutting down.');
    return api ? this.#answerApi(request, route, url.searchParams) : this.#page(request);
  }

  async #admits(headers: Headers): Promise<boolean> {
    return (await this.#settings.token?.admits(headers)) ?? true;
  }

  async #page(request: Request): Promise<Response> {
    const response = (await this.#options.assets?.(request)) ?? null;
    return response === null
      ? problem(404, 'not-found', 'There is nothing here; the API is below /api/v1.')
      : secured(response);
  }

  async #answerApi(request: Request, route: Route, query: URLSearchParams): Promise<Response> {
    const { store } = this.#options;
    switch (route.name) {
      case 'health':
        return json({
          status: 'ok',
          protocol: PROTOCOL_VERSION,
          synced: this.#settings.synced(),
          streams: this.streams.size,
        });
      case 'sessions':
        return sessionsPage(store, query);
      case 'session':
        return sessionPage(store, route.id);
      case 'messages':
        return messagesPage(store, route.id, query);
      case 'message':
        return messagePage(store, route.id, route.seq, request.headers.get('range'));
      case 'watch':
        return this.#watch(request, route.id, query);
      case 'events':
        return this.#events(request);
      case 'bad-id':
        return problem(400, 'bad-id', 'This cannot be the id of a session.');
      case 'unknown':
      case 'page':
        break;
    }
    return problem(404, 'not-found', 'There is no such route below /api/v1.');
  }

  async #watch(request: Request, sessionId: string, query: URLSearchParams): Promise<Response> {
    const mode = query.get('mode') ?? 'tick';
    if (mode !== 'tick' && mode !== 'messages') return badQuery('mode', 'tick or messages');
    const waitText = query.get('wait') ?? '0';
    if (waitText !== '0' && waitText !== '1') return badQuery('wait', '0 or 1');
    const from = startPoint(request.headers, query);
    if (from === null) return badQuery('from', 'now or start');
    const wait = waitText === '1';
    const { store, monitor } = this.#options;
    const { heartbeatMs } = this.#settings;
    const open = (): Response =>
      this.#stream(request, (signal) =>
        watchFrames({ store, monitor, sessionId, signal, mode, from, wait, heartbeatMs }),
      );
    const answer = await withSession(store, sessionId, async () => open());
    return wait && answer.status === 404 ? open() : answer;
  }

  #events(request: Request): Response {
    const { monitor } = this.#options;
    const { clock, heartbeatMs } = this.#settings;
    return this.#stream(request, (signal) => listFrames({ monitor, signal, clock, heartbeatMs }));
  }

  #stream(request: Request, frames: (signal: AbortSignal) => AsyncIterable<StreamFrame>): Response {
    if (request.method === 'HEAD') return eventStream(null);
    const stream = this.streams.open();
    if (stream === null) return unavailable(429, 'too-many-streams', 'Too many streams are open.');
    const onAbort = (): void => stream.end();
    request.signal.addEventListener('abort', onAbort, { once: true });
    stream.signal.addEventListener('abort', () =>
      request.signal.removeEventListener('abort', onAbort),
    );
    if (request.signal.aborted) stream.end();
    const { clock, keepaliveMs, random, onError } = this.#settings;
    const body = { stream, clock, keepaliveMs, random, onError };
    return eventStream(streamBody(frames(stream.signal), body));
  }
}

function isRead(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

function unavailable(status: 429 | 503, code: string, message: string): Response {
  return problem(status, code, message, { 'retry-after': String(RETRY_AFTER_SECONDS) });
}

/** Where a client wants to go on: the header a browser sends on its own wins over the query. `null`: not readable. */
function startPoint(headers: Headers, query: URLSearchParams): StartPoint | null {
  const from = query.get('from') ?? 'now';
  if (from !== 'now' && from !== 'start') return null;
  const id = headers.get('last-event-id') ?? query.get('last_event_id') ?? '';
  return id === '' ? from : (parseCursor(id) ?? 'unreadable');
}
