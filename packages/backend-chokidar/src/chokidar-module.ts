import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import type { BigIntStats, Stats } from 'node:fs';
import { isWatchError } from '@watchkeeper/core';
import { moduleMissing, versionUnsupported } from './watch-failure.ts';

/** The stats chokidar hands to `ignored`, where it has some. */
export type ChokidarStats = Stats | BigIntStats;

/** The options that are used here; all three major versions have them. */
export interface ChokidarOptions {
  readonly persistent: boolean;
  readonly ignoreInitial: true;
  readonly alwaysStat: false;
  readonly atomic: false;
  readonly awaitWriteFinish: false;
  readonly followSymlinks: false;
  readonly usePolling: false;
  readonly ignorePermissionErrors: boolean;
  readonly depth?: number;
  readonly ignored: (path: string, stats?: ChokidarStats) => boolean;
}

/** What comes with a raw event. */
export interface RawDetails {
  /** The path whose handle spoke. */
  readonly watchedPath?: string;
}

/** Everything chokidar emits that is listened to. */
export interface ChokidarEvents {
  readonly ready: () => void;
  readonly error: (error: unknown) => void;
  readonly raw: (event: string, name: string | null, details: RawDetails) => void;
  readonly all: (event: string, path: string) => void;
}

/** The part of chokidar's `FSWatcher` that is used here. */
export interface ChokidarWatcher {
  on<Name extends keyof ChokidarEvents>(event: Name, listener: ChokidarEvents[Name]): unknown;
  add(path: string, entry?: string): unknown;
  close(): Promise<void>;
}

/** The part of the module that is used here. */
export interface ChokidarModule {
  readonly FSWatcher: new (options: ChokidarOptions) => ChokidarWatcher;
}

/** The major versions that are known. */
export type ChokidarMajor = 4 | 5 | 6;

/** A module and which one it is. The module is the same object each time it is loaded. */
export interface LoadedChokidar {
  readonly module: ChokidarModule;
  readonly version: string;
  readonly major: ChokidarMajor;
}

/** Imports the installed chokidar. Throws a `WatchError` when there is none, or none that is known. */
export async function importChokidar(): Promise<LoadedChokidar> {
  let module: unknown;
  try {
    module = await import('chokidar');
  } catch (cause) {
    // Whatever the import throws is the reason why it cannot be used.
    throw moduleMissing(cause);
  }
  return identify(module, 'chokidar');
}

/** Finds out which chokidar a module is. No version of it exports its manifest. */
export function identify(module: unknown, specifier: string): LoadedChokidar {
  const version = versionOf(specifier);
  const major = Number.parseInt(version, 10);
  if (!isChokidar(module) || !isKnown(major)) throw versionUnsupported(version);
  return { module, version, major };
}

function isKnown(major: number): major is ChokidarMajor {
  return major === 4 || major === 5 || major === 6;
}

function isChokidar(module: unknown): module is ChokidarModule {
  return (
    typeof module === 'object' &&
    module !== null &&
    'FSWatcher' in module &&
    typeof module.FSWatcher === 'function'
  );
}

function versionOf(specifier: string): string {
  try {
    const manifest = findPackageJSON(specifier, import.meta.url);
    if (manifest === undefined) return 'of an unknown version';
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      readonly version?: unknown;
    };
    return typeof version === 'string' ? version : 'of an unknown version';
  } catch (cause) {
    if (isWatchError(cause)) throw cause;
    throw moduleMissing(cause);
  }
}
