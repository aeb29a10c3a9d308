import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** What an {@link Operation} does. */
export type OperationKind =
  | 'mkdir'
  | 'write'
  | 'append'
  | 'truncate'
  | 'rewrite-keeping-times'
  | 'replace-by-rename'
  | 'replace-by-unlink'
  | 'rename'
  | 'move-out'
  | 'move-in'
  | 'remove'
  | 'symlink'
  | 'swap-symlink'
  | 'hard-link'
  | 'chmod'
  | 'set-times-back';

/** One thing that somebody does to a tree, as data. */
export interface Operation {
  /** What is done. */
  readonly kind: OperationKind;
  /** To what: relative to the root, with `/`. */
  readonly path: string;
  /** The other path, of a rename, a link or a move. */
  readonly other: string;
}

/** Where operations take place: the watched root, and a directory beside it on the same file system. */
export interface OperationPlace {
  /** What is watched. */
  readonly root: string;
  /** What is not. */
  readonly outside: string;
}

/** An old date, in seconds since the epoch: what changed is not always what is newest. */
const OLD = 1_000_000_000;

type Act = (at: string, other: string, place: OperationPlace, operation: Operation) => void;

/** How each kind is done. What the tree does not allow is refused by the file system. */
const acts: Readonly<Record<OperationKind, Act>> = {
  mkdir: (at) => void mkdirSync(at, { recursive: true }),
  write: (at) => writeFileSync(at, 'written\n'),
  append: (at) => appendFileSync(at, 'more\n'),
  truncate: (at) => truncateSync(at, 0),
  'rewrite-keeping-times': (at) => {
    const { atime, mtime } = statSync(at);
    const content = readFileSync(at);
    writeFileSync(at, content.fill(content[0] === 0x61 ? 'b' : 'a'));
    utimesSync(at, atime, mtime);
  },
  'replace-by-rename': (at, other) => {
    const temporary = `${other}.tmp`;
    writeFileSync(temporary, 'replaced\n');
    try {
      renameSync(temporary, at);
    } catch (error) {
      rmSync(temporary);
      throw error;
    }
  },
  'replace-by-unlink': (at) => {
    unlinkSync(at);
    writeFileSync(at, 'written\n');
  },
  rename: (at, other) => renameSync(at, other),
  'move-out': (at, _, { outside }, { other }) => {
    mkdirSync(dirname(join(outside, other)), { recursive: true });
    renameSync(at, join(outside, other));
  },
  'move-in': (at, _, { outside }, { other }) => renameSync(join(outside, other), at),
  remove: (at) => rmSync(at, { recursive: true }),
  symlink: (at, _, __, { other }) => symlinkSync(other, at),
  'swap-symlink': (at, _, __, { other }) => {
    if (!lstatSync(at).isSymbolicLink()) return;
    symlinkSync(other, `${at}.tmp`);
    renameSync(`${at}.tmp`, at);
  },
  'hard-link': (at, other) => linkSync(at, other),
  chmod: (at) => chmodSync(at, lstatSync(at).mode ^ 0o010),
  'set-times-back': (at) => utimesSync(at, OLD, OLD),
};

/** Which second path a kind needs, if any: none of the others is written down. */
const PAIRED: ReadonlySet<OperationKind> = new Set<OperationKind>([
  'replace-by-rename',
  'rename',
  'move-out',
  'move-in',
  'symlink',
  'swap-symlink',
  'hard-link',
]);

/** Does an operation. What the tree does not allow changes nothing, or only a part: such is chance. */
export function perform(operation: Operation, place: OperationPlace): void {
  const { kind, path, other } = operation;
  try {
    acts[kind](join(place.root, path), join(place.root, other), place, operation);
  } catch (error) {
    // The file system refuses (ENOENT, EEXIST, ENOTDIR, ELOOP and the like); anything else is a mistake here.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** An operation in a few words. */
export function describeOperation({ kind, path, other }: Operation): string {
  return PAIRED.has(kind) ? `${kind} ${path} ${other}` : `${kind} ${path}`;
}
