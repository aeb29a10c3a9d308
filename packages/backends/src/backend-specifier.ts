/** The names a config can have without installing anything of somebody else. */
const KNOWN_NAMES: readonly string[] = ['auto', 'fs', 'poll', 'chokidar', 'native'];

/** A name of the npm registry, with a scope or without. */
const PACKAGE_NAME = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i;

/** What a module is that could not be found, by what its name looks like. */
export type MissingModule =
  | {
      readonly kind: 'file';
      /** Whether it needs `./` to be one. */
      readonly isBare: boolean;
    }
  | { readonly kind: 'package'; readonly install: string }
  | { readonly kind: 'unknown'; readonly closest: string | null };

/**
 * Tells what was meant by a name under which nothing is installed. Nobody is told to install the package
 * of a stranger because of a slip: a name counts as a package only when it has a scope, or says `watch`
 * or `backend` besides something else. What ends as a file does, or lies in a directory, is a file.
 */
export function missingModule(name: string): MissingModule {
  if (isPathLike(name)) return { kind: 'file', isBare: false };
  const install = packageOf(name);
  if (PACKAGE_NAME.test(install) && (name.startsWith('@') || saysWhatItIs(install))) {
    return { kind: 'package', install };
  }
  if (name.includes('/') || isFileName(name)) return { kind: 'file', isBare: true };
  return { kind: 'unknown', closest: closestTo(name) };
}

/** What to use in place of an unknown name. */
export function knownNamesAdvice(closest: string | null): string {
  const known = `${KNOWN_NAMES.join(', ')} or a module specifier`;
  return closest === null ? `use ${known}` : `did you mean ${closest}? Use ${known}`;
}

function isPathLike(name: string): boolean {
  return /^(\.{1,2}[\\/]|[\\/]|[a-z]:[\\/]|file:)/i.test(name);
}

function isFileName(name: string): boolean {
  return /\.[cm]?[jt]s$/i.test(name);
}

function saysWhatItIs(name: string): boolean {
  if (isFileName(name)) return false;
  // "watch", "watcher" and "backend" by themselves are words for the thing and name none.
  return /watch|backend/i.test(name) && !/^(watch(er|ers|ing)?|backends?)$/i.test(name);
}

/** The package of a specifier such as `@scope/name/deep` or `name/deep`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The known name that is one slip away, two in a long one, or of which this is a part or a form. */
function closestTo(name: string): string | null {
  const word = name.toLowerCase();
  const ranked = KNOWN_NAMES.map((known) => ({ known, slips: slipsBetween(word, known) }))
    .filter(({ known, slips }) => slips <= Math.max(1, known.length / 3) || isForm(word, known))
    .toSorted((a, b) => a.slips - b.slips);
  return ranked[0]?.known ?? null;
}

/** Shorter beginnings than this are shared by too many words. */
const TELLING_LENGTH = 3;

function isForm(word: string, known: string): boolean {
  const shorter = Math.min(word.length, known.length);
  return shorter >= TELLING_LENGTH && (word.startsWith(known) || known.startsWith(word));
}

/** Letters to insert, remove, replace or swap with their neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = row > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      next[column] = Math.min(
        (next[column - 1] ?? 0) + 1,
        (last[column] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, last] = [last, next];
  }
  return last[b.length] ?? 0;
}
