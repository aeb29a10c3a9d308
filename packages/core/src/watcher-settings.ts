import type { WatchBackend } from './backend.ts';
import type { AbsPath } from './entry.ts';
import { systemClock, type Clock } from './clock.ts';
import { checkKeys, oneOf, refuse } from './option-check.ts';
import type { BackendSelection, ChooseBackends, PathWatcherOptions } from './watcher-options.ts';

/** Which backends may be used, and how, checked and complete. */
export interface Selection {
  readonly backends: readonly WatchBackend[];
  readonly choose: ChooseBackends | undefined;
  readonly fallback: 'none' | 'next';
  readonly groupOf: ((path: AbsPath) => string) | undefined;
}

/** The options of a watcher, checked and complete. */
export interface WatcherSettings {
  readonly selection: Selection;
  readonly clock: Clock;
}

const selectionKeys = [
  'backends',
  'choose',
  'fallback',
  'groupOf',
] satisfies (keyof BackendSelection)[];

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
  const { backends, choose, groupOf } = options;
  checkBackends('backends', backends);
  if (choose !== undefined && typeof choose !== 'function') {
    throw refuse('choose', 'a function', choose);
  }
  const fallback = oneOf('fallback', options.fallback, 'next', ['none', 'next']);
  if (groupOf !== undefined && typeof groupOf !== 'function') {
    throw refuse('groupOf', 'a function', groupOf);
  }
  return { backends, choose, fallback, groupOf: groupOf === undefined ? groupOf : whole(groupOf) };
}

/** A name that the caller's function cannot place belongs to all others: `choose` is asked in any case. */
function whole(groupOf: NonNullable<BackendSelection['groupOf']>): (path: AbsPath) => string {
  return (path) => {
    try {
      return groupOf(path);
    } catch {
      // The caller's code, whatever it threw: it decides what is shared, not whether to watch.
      return '';
    }
  };
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
