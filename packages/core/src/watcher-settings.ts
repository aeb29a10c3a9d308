import type { WatchBackend } from './backend.ts';
import { systemClock, type Clock } from './clock.ts';
import { checkKeys, oneOf, refuse } from './option-check.ts';
import type { ChooseBackends, PathWatcherOptions } from './watcher-options.ts';

/** The options of a watcher, checked and complete. */
export interface WatcherSettings {
  readonly backends: readonly WatchBackend[];
  readonly choose: ChooseBackends | undefined;
  readonly fallback: 'none' | 'next';
  readonly clock: Clock;
}

const known = ['backends', 'choose', 'fallback', 'clock'] satisfies (keyof PathWatcherOptions)[];

/** Checks options. */
export function toWatcherSettings(options: PathWatcherOptions): WatcherSettings {
  checkKeys('PathWatcher', options, known);
  const { backends, choose, clock = systemClock } = options;
  checkBackends('backends', backends);
  if (choose !== undefined && typeof choose !== 'function') {
    throw refuse('choose', 'a function', choose);
  }
  checkMethods('clock', clock, ['now', 'wallNow', 'setTimeout']);
  const fallback = oneOf('fallback', options.fallback, 'next', ['none', 'next']);
  return { backends, choose, fallback, clock };
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
