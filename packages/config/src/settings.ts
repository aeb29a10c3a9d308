import type { StandardSchemaV1 } from '@standard-schema/spec';
import { systemClock } from '@watchkeeper/core';
import type { Clock } from '@watchkeeper/core';
import { nodeConfigFs } from './config-fs.ts';
import type { ConfigFs } from './config-fs.ts';
import type { ConfigOptions } from './config-options.ts';
import { resolveFanout } from './fanout.ts';
import type { Fanout } from './fanout.ts';
import { resolveLayers } from './layer.ts';
import type { ResolvedLayer } from './layer.ts';
import {
  refusal,
  requireFlag,
  requireFunction,
  requireKnownKeys,
  requireMethods,
  requireSignal,
} from './option-check.ts';
import { DEFAULT_LINGER_MS, requireDuration, resolveTiming } from './timing.ts';
import type { Timing } from './timing.ts';

/** The options of a manager, judged and with their defaults filled in. */
export interface Settings<T> extends Pick<
  ConfigOptions<StandardSchemaV1<unknown, T>>,
  'schema' | 'watcher' | 'signal'
> {
  readonly layers: readonly ResolvedLayer[];
  readonly timing: Timing;
  readonly fanout: Fanout;
  readonly watch: 'lazy' | 'eager' | 'off';
  readonly lingerMs: number;
  readonly persistent: boolean;
  readonly clock: Clock;
  readonly fs: ConfigFs;
  readonly random: () => number;
}

/** Every option; a key that is missing here does not compile. */
const KEYS: Readonly<Record<keyof ConfigOptions<StandardSchemaV1>, true>> = {
  schema: true,
  layers: true,
  timing: true,
  fanout: true,
  watch: true,
  lingerMs: true,
  persistent: true,
  watcher: true,
  signal: true,
  clock: true,
  fs: true,
  random: true,
};

/**
 * Fills in the defaults and refuses what cannot be meant.
 *
 * @throws TypeError naming the option, what was wanted and what came.
 */
export function resolveSettings<T>(
  options: ConfigOptions<StandardSchemaV1<unknown, T>>,
): Settings<T> {
  requireKnownKeys('options', options, Object.keys(KEYS));
  const { lingerMs = DEFAULT_LINGER_MS, random = Math.random, watch = 'lazy' } = options;
  const { clock = systemClock, fs = nodeConfigFs, persistent = false, schema } = options;
  requireSchema(schema);
  const layers = resolveLayers(options.layers);
  requireDuration('lingerMs', lingerMs);
  if (!['lazy', 'eager', 'off'].includes(watch)) {
    throw refusal('watch', 'lazy, eager or off', watch);
  }
  requireFlag('persistent', persistent);
  requireFunction('random', random);
  requireMethods('clock', clock, ['now', 'wallNow', 'setTimeout']);
  requireMethods('fs', fs, ['stat', 'read']);
  requireMethods('watcher', options.watcher, ['watch']);
  requireSignal('signal', options.signal);
  return {
    schema,
    layers,
    timing: resolveTiming(options.timing),
    fanout: resolveFanout(options.fanout ?? {}, random),
    watch,
    lingerMs,
    persistent,
    clock,
    fs,
    random,
    ...(options.watcher === undefined ? {} : { watcher: options.watcher }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
}

/** A schema may be a function too: that of arktype is. */
function requireSchema(schema: StandardSchemaV1 | undefined): void {
  const validate: unknown = schema?.['~standard']?.validate;
  if (typeof validate === 'function') return;
  throw refusal('schema', 'a Standard Schema (zod, valibot, arktype …)', schema);
}
