import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Clock, PathWatcher } from '@watchkeeper/core';
import type { ConfigFs } from './config-fs.ts';
import type { FanoutOptions } from './fanout.ts';
import type { Layer } from './layer.ts';
import type { Timing } from './timing.ts';

/** Options of {@link createConfig}. */
export interface ConfigOptions<S extends StandardSchemaV1> {
  /** Validates the merged value, and may transform it; any library that speaks Standard Schema. */
  readonly schema: S;
  /** Where settings come from, lowest precedence first. Objects are merged key by key, arrays are replaced. */
  readonly layers: readonly Layer[];
  /** When changes are read. */
  readonly timing?: Partial<Timing>;
  /** How changes are spread over sessions. */
  readonly fanout?: FanoutOptions;
  /**
   * `lazy`: files are watched while there is a subscription, a session or a reader of events. `eager`:
   * from the start; choose it when only `get()` is used. `off`: never; `reload()` and `fresh()` still read.
   *
   * @defaultValue `'lazy'`
   */
  readonly watch?: 'lazy' | 'eager' | 'off';
  /** How long watches outlive the last of those, in milliseconds. @defaultValue `5000` */
  readonly lingerMs?: number;
  /** Whether watching keeps the process alive. @defaultValue `false` */
  readonly persistent?: boolean;
  /** Who tells of changes; watches of one path are shared within it. @defaultValue the shared watcher of this process */
  readonly watcher?: Pick<PathWatcher, 'watch'>;
  /** Closes the manager. */
  readonly signal?: AbortSignal;
  /** The source of time. @defaultValue the system's */
  readonly clock?: Clock;
  /** The file system. @defaultValue the machine's */
  readonly fs?: ConfigFs;
  /** Fractions from 0 to below 1, for jitter. @defaultValue `Math.random` */
  readonly random?: () => number;
}
