import { onTestFinished } from 'vitest';

import { createHandler, type HandlerOptions, serve, type ServeOptions } from '../../src/index.ts';
import type { RunningServer, SessionHandler } from '../../src/index.ts';
import { EventReader } from './event-reader.ts';
import { MemorySessions } from './memory-sessions.ts';

/** Sessions in memory with a handler over them. */
export interface Rig {
  readonly sessions: MemorySessions;
  readonly handler: SessionHandler;
  /** Failures the handler told. */
  readonly errors: unknown[];
  /** Asks the handler directly, under a loopback name. */
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  /** Opens a stream by asking the handler directly; it is cancelled when the test ends. */
  readonly open: (path: string, init?: RequestInit) => Promise<EventReader>;
}

export function createRig(options: Partial<HandlerOptions> = {}): Rig {
  const sessions = new MemorySessions();
  const errors: unknown[] = [];
  const { store, monitor } = sessions;
  const onError = (error: unknown): void => void errors.push(error);
  const handler = createHandler({ store, monitor, onError, ...options });
  const get = (path: string, init: RequestInit = {}): Promise<Response> =>
    handler(new Request(`http://localhost:4700${path}`, init));
  return {
    sessions,
    handler,
    errors,
    get,
    open: async (path, init) => openedReader(await get(path, init)),
  };
}

/** A rig behind a listening server. */
export interface ServedRig extends Rig {
  readonly server: RunningServer;
  /** Opens a stream over the network; it is cancelled when the test ends. */
  readonly connect: (
    path: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<EventReader>;
}

export async function serveRig(
  options: Partial<HandlerOptions> = {},
  serving: Partial<ServeOptions> = {},
): Promise<ServedRig> {
  const rig = createRig(options);
  const server = await serve({ handler: rig.handler, ...serving });
  onTestFinished(() => server.close());
  return {
    ...rig,
    server,
    connect: async (path, headers = {}) =>
      openedReader(await fetch(`${server.url}${path}`, { headers })),
  };
}

function openedReader(response: Response): EventReader {
  if (response.status !== 200) throw new Error(`the stream was answered with ${response.status}`);
  const reader = new EventReader(response);
  onTestFinished(() => reader.cancel());
  return reader;
}
