import { constants } from 'node:fs';
import { access, mkdtemp, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  isWatchError,
  type AbsPath,
  type Capabilities,
  type Clock,
  type Place,
  type Subscription,
  type WatchBackend,
} from '@watchkeeper/core';
import { errorCode } from '@watchkeeper/core/backend-kit';
import { LATE, within } from './deadline.ts';
import {
  failed,
  failureOf,
  skipped,
  type Failure,
  type ProbeAction,
  type ProbeReport,
  type ProbeStep,
} from './probe-report.ts';
import { TouchRecorder } from './touch-recorder.ts';

/** Begins the name of the temporary directory: hidden, and telling whose it is should it be left behind. */
export const PROBE_PREFIX = '.watchkeeper-doctor-';

/** Time on top of what a backend promises, in milliseconds, before a report counts as missing: a busy machine is no fault. */
export const PROBE_GRACE_MS = 3000;

/** Longest time for opening the backend, in milliseconds: one directory with three files opens at once or never. */
export const OPEN_MS = 10_000;

/** What a probe needs to know. */
export interface ProbeRequest {
  readonly backend: WatchBackend;
  readonly place: Place;
  /** The directory to make the temporary one in, or beside. */
  readonly directory: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a backend on a temporary directory and measures that it tells of what is done there. The
 * backend is asked directly: core's own looks would find what a deaf backend misses, and hide it.
 */
export async function probeLive(request: ProbeRequest): Promise<ProbeReport> {
  const home = await writableNear(request.directory);
  if (home === null) return skipped(`nothing may be written at ${request.directory}`);
  let directory: string;
  try {
    directory = await realpath(await mkdtemp(join(home, PROBE_PREFIX)));
  } catch (error) {
    return skipped(`no directory can be made in ${home}: ${errorCode(error) ?? String(error)}`);
  }
  try {
    return await probeIn(directory, request);
  } catch (error) {
    return failed(toFailure(error), directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The directory, or the one above on the same file system. */
async function writableNear(directory: string): Promise<string | null> {
  if (await isWritable(directory)) return directory;
  const parent = dirname(directory);
  if (!(await isWritable(parent))) return null;
  const [own, above] = await Promise.all([stat(directory), stat(parent)]);
  return own.dev === above.dev ? parent : null;
}

async function isWritable(directory: string): Promise<boolean> {
  try {
    await access(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    // Read-only, not ours, or gone: in each case nothing can be tried there.
    return false;
  }
}

async function probeIn(directory: string, request: ProbeRequest): Promise<ProbeReport> {
  const { backend, clock, place } = request;
  const at = (name: string): string => join(directory, name);
  for (const name of ['append', 'rename', 'remove']) await writeFile(at(name), 'before\n');
  const file = await open(at('append'), 'a');
  const recorder = new TouchRecorder();
  const stop = new AbortController();
  const signal =
    request.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, request.signal]);
  const onAbort = (): void => recorder.giveUp();
  signal.addEventListener('abort', onAbort, { once: true });
  let subscription: Subscription | null = null;
  try {
    const began = clock.now();
    const root = directory as AbsPath;
    const opening = backend.open(
      {
        root,
        scope: { kind: 'directory' },
        place: { ...place, path: root },
        ignores: () => false,
        prune: [],
        followSymlinks: false,
        persistent: true,
        pollIntervalMs: 0,
        clock,
        signal,
      },
      recorder,
    );
    const opened = await within(opening, OPEN_MS, clock);
    if (opened === LATE) {
      // The abort makes it reject, or closes what it opens after all; nobody waits for either.
      opening.catch(() => undefined);
      return failed(neverOpened(backend.name), directory);
    }
    subscription = opened;
    const openMs = clock.now() - began;
    const capabilities = backend.capabilities(place);
    const steps = await runSteps({ recorder, capabilities, clock, signal }, [
      ['create', [at('created')], () => writeFile(at('created'), 'new\n')],
      [
        'append',
        [at('append')],
        async () => {
          await file.write('more\n');
          if (capabilities.openFileAppends === 'on-close') await file.close();
        },
      ],
      ['rename', [at('rename'), at('renamed')], () => rename(at('rename'), at('renamed'))],
      ['remove', [at('remove')], () => rm(at('remove'))],
    ]);
    const failure = recorder.problem === null ? null : failureOf(recorder.problem);
    return { outcome: 'ran', because: null, directory, openMs, steps, failure };
  } finally {
    stop.abort();
    await subscription?.close();
    // Closing twice is harmless to a FileHandle.
    await file.close();
  }
}

type PlannedStep = readonly [
  action: ProbeAction,
  paths: readonly string[],
  act: () => Promise<unknown>,
];

interface StepContext {
  readonly recorder: TouchRecorder;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function runSteps(
  { recorder, capabilities, clock, signal }: StepContext,
  plan: readonly PlannedStep[],
): Promise<readonly ProbeStep[]> {
  const steps: ProbeStep[] = [];
  const limitMs = capabilities.worstLatencyMs + PROBE_GRACE_MS;
  for (const [action, paths, act] of plan) {
    if (signal.aborted) break;
    const told = recorder.expect(paths).then((isTold) => (isTold ? clock.now() : null));
    // From the beginning: the kernel tells before the call that wrote has returned.
    const began = clock.now();
    await act();
    const at = await within(told, limitMs, clock);
    steps.push({
      action,
      reportedAfterMs: at === LATE || at === null ? null : at - began,
      closedFirst: action === 'append' && capabilities.openFileAppends === 'on-close',
    });
  }
  return steps;
}

function neverOpened(backend: string): Failure {
  return {
    code: 'ERR_WATCH_TIMEOUT',
    message: `The backend ${backend} did not open one small directory within ${OPEN_MS / 1000} s`,
    remedy: 'name another backend: WATCHKEEPER_BACKEND=poll',
  };
}

function toFailure(error: unknown): Failure {
  if (isWatchError(error)) return failureOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return { code: errorCode(error) ?? 'ERR_WATCH_BACKEND_FAILED', message, remedy: null };
}
