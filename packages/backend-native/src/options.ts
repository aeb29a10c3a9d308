import { checkKeys, expectNumber } from '@watchkeeper/core/backend-kit';

/** How often the identity of a watched root is compared: the binding stays silent when a root comes back, and when an ancestor is renamed. */
export const ROOT_CHECK_MS = 2000;

/** Longest time one turn of the event loop is spent on walking directories or judging events. */
export const SLICE_MS = 4;

/** Native subscriptions of new subtrees that one root may collect before it is opened anew: each costs a tree in memory and a share of every event. */
export const EXTRA_LIMIT = 64;

/** Times a root is opened anew after the binding failed, within {@link REOPEN_WINDOW_MS}, before the subscription ends. */
export const REOPEN_TRIES = 3;

/** Failures of the binding farther apart than this are independent of each other. */
export const REOPEN_WINDOW_MS = 60_000;

/** Options of {@link createNativeBackend}. They cannot change after the backend was made. */
export interface NativeBackendOptions {
  /**
   * Time between two looks at the root itself, in milliseconds, at least 50. The removal of a root is
   * told by an event as a rule; this finds the rest, and tries directories again that could not be
   * read or got no watch.
   *
   * @defaultValue `2000`
   */
  readonly rootCheckMs?: number;
  /**
   * Longest time, in milliseconds from 1, for which the event loop is held while a tree is walked or
   * a burst of events is judged.
   *
   * @defaultValue `4`
   */
  readonly sliceMs?: number;
}

/** Options with every default filled in. */
export interface ResolvedNativeOptions {
  readonly rootCheckMs: number;
  readonly sliceMs: number;
}

/** Every option; a key that is missing here does not compile. */
const KEYS: Readonly<Record<keyof NativeBackendOptions, true>> = {
  rootCheckMs: true,
  sliceMs: true,
};

/** Checks the options and fills the defaults in. */
export function resolveOptions(options: NativeBackendOptions): ResolvedNativeOptions {
  checkKeys('createNativeBackend', options, Object.keys(KEYS));
  const { rootCheckMs = ROOT_CHECK_MS, sliceMs = SLICE_MS } = options;
  return {
    rootCheckMs: atLeast('rootCheckMs', rootCheckMs, 50),
    sliceMs: atLeast('sliceMs', sliceMs, 1),
  };
}

function atLeast(name: string, value: unknown, from: number): number {
  const wanted = `a number of milliseconds from ${from}`;
  return expectNumber('createNativeBackend', name, value, { wanted, from });
}
