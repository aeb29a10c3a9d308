import type { WatchBackend } from './backend.ts';
import { systemClock, type Clock } from './clock.ts';
import { checkKeys, oneOf, refuse } from './option-check.ts';
import type { BackendSelection, ChooseBackends, PathWatcherOptions } from './watcher-options.ts';

/** Which backends may be used, and how, checked and complete. */
export interface Selection {
  readonly backends: readonly WatchBackend[];
  readonly choose: ChooseBackends | undefined;
  readonly fallback: 'none' | 'next';
}

/** The options of a watcher, checked and complete. */
export interface WatcherSettings {
  readonly selection: Selection;
  readonly clock: Clock;
}

const selectionKeys = ['backends', 'choose', 'fallback'] satisfies (keyof BackendSelection)[];

/** Checks options. */
export function toWatcherSettings(options: PathWatcherOptions): WatcherSettings {
  checkKeys('PathWatcher', options, [...selectionKeys, 'clock']);
  const { clock = systemClock, ...selection } = options;
  checkMethods('clock', clock, ['now', 'wallNow', 'setTimeout']);
  return { selection: toSelection(selection), clock };
}

/** Checks which backends may be used. */
export function toSelection(options: BackendSelection): Selection {
  checkKeys('useBackends', options, selectionKeys);
  const { backends, choose } = options;
  checkBackends('backends', backends);
  if (choose !== undefined && typeof choose !== 'function') {
    throw refuse('choose', 'a function', choose);
  }
  const fallback = oneOf('fallback', options.fallback, 'next', ['none', 'next']);
  return { backends, choose, fallback };
}

/** Checks that a value is a list of backends. */
export function checkBackends(
  name: string,
  value: unknown,
): asserts value is readonly WatchBackend[] {
  if (!Array.isArray(value)) throw refuse(name, 'an array of backends', value);
  for (const [index, backend] of value.entries()) {
    const each = `${name}[${index}]`;
    checkMethods(each, backend, ['probe', 'capabilities', 'open']);
    const given: unknown = Reflect.get(backend, 'name');
    if (typeof given !== 'string' || given === '') {
      throw refuse(`${each}.name`, 'a non-empty string', given);
    }
  }
}

function checkMethods(
  name: string,
  value: unknown,
  methods: readonly string[],
): asserts value is object {
  if (typeof value !== 'object' || value === null) {
    throw refuse(name, `an object with ${methods.join(', ')}`, value);
  }
  for (const method of methods) {
    const given: unknown = Reflect.get(value, method);
    if (typeof given !== 'function') throw refuse(`${name}.${method}`, 'a function', given);
  }
}
