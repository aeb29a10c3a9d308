/** Paths handed to the binding at most: it compares each event with each of them. */
export const NATIVE_IGNORE_LIMIT = 128;

/** What `@parcel/watcher` would take for a glob instead of a path. */
const GLOB_CHARACTERS = /[*?[\]{}()!+@|\\^$]/;

/** The paths that may be handed to the binding as what they are. The others are filtered here, at more cost. */
export function literalPaths(paths: Iterable<string>): string[] {
  return [...paths]
    .filter((path) => process.platform === 'win32' || !GLOB_CHARACTERS.test(path))
    .slice(0, NATIVE_IGNORE_LIMIT);
}
