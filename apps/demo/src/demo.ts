import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { createHandler, isServerError, serve } from '@watchkeeper/server';
import type { RunningServer } from '@watchkeeper/server';
import { createSessionMonitor, createSessionSync, createSqliteStore } from '@watchkeeper/session';
import { claudeCode } from '@watchkeeper/transcript';

import { DEFAULT_PORT } from './options.ts';
import type { DemoOptions } from './options.ts';
import { createPageAssets } from './page-assets.ts';
import { startSimulatedAgent } from './simulated-agent.ts';

/** How many ports are tried from {@link DEFAULT_PORT} on before the system chooses one. */
const PORTS_TRIED = 20;

/** A running demo. */
export interface Demo {
  /** Address of the page. */
  readonly url: string;
  /** Directories whose transcripts are followed, the simulated agents' left out. */
  readonly roots: readonly string[];
  /** Resolves when what was there at the start is in the store. */
  readonly synced: Promise<void>;
  /** Stops everything and removes the temporary files. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the server, the sync and the simulated agents.
 *
 * @throws `TypeError` when a root does not exist; `ServerError` when the wanted port cannot be had.
 */
export async function startDemo(
  options: DemoOptions,
  report: (problem: string) => void,
): Promise<Demo> {
  const real = realRoots(options.roots);
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-demo-'));
  const stops: (() => Promise<void>)[] = [
    async () => rmSync(directory, { recursive: true, force: true }),
  ];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      for (const stop of stops.toReversed()) await stop();
    })();
    return closing;
  };
  try {
    const simulated = join(directory, 'projects');
    mkdirSync(simulated);
    const store = createSqliteStore({ path: join(directory, 'sessions.db') });
    stops.push(() => store.close());
    const sync = createSessionSync({
      store,
      roots: options.simulate ? [...real, simulated] : real,
      onProblem: (problem) => report(problem.message),
    });
    stops.push(() => sync.close());
    const monitor = createSessionMonitor(store, { sync });
    stops.push(() => monitor.close());
    let synced = false;
    const assets = createPageAssets();
    const handler = createHandler({ store, monitor, assets, synced: () => synced });
    const server = await listen(handler, options.port);
    stops.push(() => server.close());
    if (options.simulate) {
      const agent = startSimulatedAgent(simulated, options.speed, report);
      stops.push(() => agent.stop());
    }
    const started = sync.start().then(() => void (synced = true));
    return { url: server.url, roots: real, synced: started, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The asked-for roots, which must exist, or this user's own, which need not. */
function realRoots(asked: readonly string[]): readonly string[] {
  if (asked.length === 0) {
    return claudeCode.roots({ home: homedir(), variables: process.env }).filter(isDirectory);
  }
  return asked.map((root) => {
    const absolute = resolve(root);
    if (!isDirectory(absolute)) {
      throw new TypeError(
        `--root ${root}: there is no such directory; name one that holds transcripts`,
      );
    }
    return absolute;
  });
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

async function listen(
  handler: (request: Request) => Promise<Response>,
  port: number | null,
): Promise<RunningServer> {
  if (port !== null) return serve({ handler, port });
  for (let candidate = DEFAULT_PORT; candidate < DEFAULT_PORT + PORTS_TRIED; candidate += 1) {
    try {
      return await serve({ handler, port: candidate });
    } catch (error) {
      if (!isServerError(error) || error.code !== 'ERR_SERVER_PORT_IN_USE') throw error;
    }
  }
  return serve({ handler, port: 0 });
}
