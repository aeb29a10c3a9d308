import { checkKeys, expectNumber } from '@watchkeeper/core/backend-kit';

/** How often the identity of a watched root is compared: renaming an ancestor sends no event to the root. */
export const ROOT_CHECK_MS = 2000;

/** Longest time one turn of the event loop is spent on opening handles and listing directories. */
export const SLICE_MS = 4;

/** Options of {@link createFsBackend}. They cannot change after the backend was made. */
export interface FsBackendOptions {
  /**
   * Time between two looks at the root itself, in milliseconds, at least 50. Removal and replacement
   * of the root are told by events; this finds the rest (a renamed ancestor, an unmounted disk) and
   * tries every directory again that has no handle: over a kernel limit, not readable, or failed.
   *
   * @defaultValue `2000`
   */
  readonly rootCheckMs?: number;
  /**
   * Longest time, in milliseconds from 1, for which the event loop is held while the directories of
   * a tree get their handles. Smaller keeps a busy process responsive, larger opens sooner.
   *
   * @defaultValue `4`
   */
  readonly sliceMs?: number;
}

/** Options with every default filled in. */
export interface ResolvedFsOptions {
  readonly rootCheckMs: number;
  readonly sliceMs: number;
}

/** Every option; a key that is missing here does not compile. */
const KEYS: Readonly<Record<keyof FsBackendOptions, true>> = { rootCheckMs: true, sliceMs: true };

/** Checks the options and fills the defaults in. */
export function resolveOptions(options: FsBackendOptions): ResolvedFsOptions {
  checkKeys('createFsBackend', options, Object.keys(KEYS));
  const { rootCheckMs = ROOT_CHECK_MS, sliceMs = SLICE_MS } = options;
  return {
    rootCheckMs: atLeast('rootCheckMs', rootCheckMs, 50),
    sliceMs: atLeast('sliceMs', sliceMs, 1),
  };
}

function atLeast(name: string, value: unknown, from: number): number {
  const wanted = `a number of milliseconds from ${from}`;
  return expectNumber('createFsBackend', name, value, { wanted, from });
}
