import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Bench } from '../../bench.ts';
import type { BackendModule } from '../../options.ts';

/** How a child process ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it printed: its last word, and what went wrong. */
  readonly printed: string;
}

/** What a child process or worker is given. */
export interface ChildData {
  readonly core: string;
  readonly module: BackendModule;
  readonly root: string;
  readonly persistent: boolean;
}

/** The start of every program: makes `watch`, and calls `live` once it is live. */
export const WATCHING = `
  const begin = async ({ core, module, root, persistent }, live) => {
    const { PathWatcher } = await import(core);
    const create = (await import(module.specifier))[module.exportName];
    const backend = create(...(module.arguments ?? []));
    const watcher = new PathWatcher({ backends: [backend], fallback: 'none' });
    const watch = watcher.watch(root, { recursive: true, persistent });
    const holding = setInterval(() => {}, 1000);
    await watch.ready;
    clearInterval(holding);
    live(watch);
  };
`;

/** What a child needs to know to watch the root of the case. */
export function childData(bench: Bench, persistent: boolean): ChildData {
  const { module } = bench;
  if (module === null) throw new TypeError('backendConformance: option "module" is not given');
  const core = createRequire(import.meta.url).resolve('@watchkeeper/core');
  return { core: pathToFileURL(core).href, module, root: bench.workspace.root, persistent };
}

/**
 * Runs a program in a process of its own until it ends. When it prints a line, `onLine` is called;
 * one that does not end by the deadline is killed, which shows in its signal.
 */
export async function runChild(
  program: string,
  data: unknown,
  deadlineMs: number,
  onLine: (kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<ChildEnd> {
  const child = spawn(
    process.execPath,
    [
      ...exportConditions(),
      '--disable-warning=ExperimentalWarning',
      '-e',
      `const data = ${JSON.stringify(data)};${program}`,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    onLine((signal) => child.kill(signal));
  });
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  const { promise, resolve } = Promise.withResolvers<ChildEnd>();
  child.on('close', (code, signal) => resolve({ code, signal, printed: printed.trim() }));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** The conditions by which this process resolves packages: what it imports from source, the child does as well. */
function exportConditions(): readonly string[] {
  return process.execArgv.flatMap((argument, index, all) => {
    if (argument === '--conditions' || argument === '-C') return [`--conditions=${all[index + 1]}`];
    return argument.startsWith('--conditions=') ? [argument] : [];
  });
}
