import type { BackendConfig } from './backend-config.ts';
import { isInRange, OPTION_RANGES } from './option-ranges.ts';

/** Names the backend, or several separated by commas, in place of `use` and `rules`. */
export const BACKEND_VARIABLE = 'WATCHKEEPER_BACKEND';

/** Sets the interval of the poll backend, in milliseconds. */
export const POLL_INTERVAL_VARIABLE = 'WATCHKEEPER_POLL_INTERVAL_MS';

/** A config after the environment had its say. */
export interface EffectiveConfig {
  readonly config: BackendConfig;
  /** What asks for `use` and `rules` in place of a config, in words: a variable, an option; or `null`. */
  readonly decidedBy: string | null;
}

/**
 * Applies the environment to a config: whoever runs a program knows the disks under it better than
 * whoever wrote it, so the environment wins. Empty variables count as unset.
 */
export function applyEnvironment(
  config: BackendConfig,
  environment: Readonly<Record<string, string | undefined>>,
): EffectiveConfig {
  const withInterval = applyInterval(config, environment[POLL_INTERVAL_VARIABLE]);
  const names = (environment[BACKEND_VARIABLE] ?? '').split(',').map((name) => name.trim());
  const use = names.filter((name) => name !== '');
  if (use.length === 0) return { config: withInterval, decidedBy: null };
  return { config: { ...withInterval, use, rules: [] }, decidedBy: BACKEND_VARIABLE };
}

/**
 * The options the environment sets for one backend, for `loadBackend`; `createWatcher` applies them by
 * itself. `WATCHKEEPER_POLL_INTERVAL_MS` sets those of `poll`.
 *
 * @param name - Name of the backend.
 * @param environment - Variables to read; those of this process unless given.
 * @returns `undefined` when the environment sets none.
 * @throws TypeError when a variable is wrong, naming it.
 *
 * @example
 * ```ts
 * import { loadBackend, optionsFromEnvironment } from '@watchkeeper/backends';
 *
 * const backend = await loadBackend('poll', optionsFromEnvironment('poll'));
 * ```
 */
export function optionsFromEnvironment(
  name: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, unknown>> | undefined {
  return applyInterval({}, environment[POLL_INTERVAL_VARIABLE]).options?.[name];
}

function applyInterval(config: BackendConfig, text: string | undefined): BackendConfig {
  if (text === undefined || text.trim() === '') return config;
  const intervalMs = Number(text);
  const { intervalMs: range } = OPTION_RANGES.poll;
  if (!isInRange(intervalMs, range)) {
    throw new TypeError(`${POLL_INTERVAL_VARIABLE}: wanted ${range.wanted}, got "${text}"`);
  }
  const options = { ...config.options, poll: { ...config.options?.['poll'], intervalMs } };
  return { ...config, options };
}
