import { sep } from 'node:path';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { EntryStat, EntryType } from './entry.ts';
import { EntryTable, type EntryNode } from './entry-table.ts';

const types: readonly EntryType[] = ['file', 'directory', 'symlink', 'other'];

/** Bits beside the type that say what is written and what is as before. */
const SINGLE_LINK = 1 << 2;
const MODE_AS_BEFORE = 1 << 3;
const DEV_AS_BEFORE = 1 << 4;
const HAS_LINK = 1 << 5;
const CHANGED_WITH_CONTENT = 1 << 6;
const BORN_WITH_CONTENT = 1 << 7;

/** What the next entry is written as a difference to. */
interface Before {
  mtimeNs: bigint;
  ino: bigint;
  dev: bigint;
  mode: number;
}

function segments(relative: string): readonly string[] {
  return relative === '' ? [] : relative.split(sep);
}

/** Writes entries one after another, each as what differs from the one before. */
export class EntryEncoder {
  readonly #to: ByteWriter;
  readonly #before: Before = { mtimeNs: 0n, ino: 0n, dev: 0n, mode: 0 };
  #names: readonly string[] = [];

  constructor(to: ByteWriter) {
    this.#to = to;
  }

  /** Writes one entry; its directory, if it is among them, comes before. */
  write(relative: string, stat: EntryStat): void {
    const names = segments(relative);
    let shared = 0;
    // The name itself is written even where the same entry comes twice in a row.
    while (shared < names.length - 1 && names[shared] === this.#names[shared]) shared++;
    this.#to.integer(shared);
    this.#to.integer(names.length - shared);
    for (const name of names.slice(shared)) this.#to.string(name);
    this.#names = names;
    this.#stat(stat);
  }

  #stat(stat: EntryStat): void {
    const to = this.#to;
    const before = this.#before;
    const { size, mtimeNs, ctimeNs, birthtimeNs, dev, ino, mode, nlink, link } = stat;
    const flags =
      types.indexOf(stat.type) |
      (nlink === 1n ? SINGLE_LINK : 0) |
      (mode === before.mode ? MODE_AS_BEFORE : 0) |
      (dev === before.dev ? DEV_AS_BEFORE : 0) |
      (link === undefined ? 0 : HAS_LINK) |
      (ctimeNs === mtimeNs ? CHANGED_WITH_CONTENT : 0) |
      (birthtimeNs === mtimeNs ? BORN_WITH_CONTENT : 0);
    to.integer(flags);
    to.unsigned(size);
    to.signed(mtimeNs - before.mtimeNs);
    if (ctimeNs !== mtimeNs) to.signed(ctimeNs - mtimeNs);
    if (birthtimeNs !== mtimeNs) to.signed(birthtimeNs - mtimeNs);
    to.signed(ino - before.ino);
    if (nlink !== 1n) to.unsigned(nlink);
    if (mode !== before.mode) to.integer(mode);
    if (dev !== before.dev) to.signed(dev);
    if (link !== undefined) to.string(link);
    Object.assign(before, { mtimeNs, ino, dev, mode });
  }
}

/** Reads entries into a table. */
export class EntryDecoder {
  readonly #from: ByteReader;
  readonly #before: Before = { mtimeNs: 0n, ino: 0n, dev: 0n, mode: 0 };
  #path: EntryNode[] = [];
  #table: EntryTable | null = null;

  constructor(from: ByteReader) {
    this.#from = from;
  }

  /** What was read so far; `null` while nothing was. */
  get table(): EntryTable | null {
    return this.#table;
  }

  /** Reads one entry. */
  read(): void {
    const shared = this.#from.integer();
    const more = this.#from.integer();
    const names: string[] = [];
    for (let index = 0; index < more; index++) names.push(this.#from.string());
    const stat = this.#stat();
    const name = names.pop();
    if (this.#table === null) {
      if (shared + more > 0) throw new RangeError('the first entry has a name');
      this.#table = new EntryTable(stat);
      this.#path = [this.#table.root];
      return;
    }
    const nodes = this.#path.slice(0, shared + 1);
    for (const part of names) nodes.push(childOf(nodes.at(-1), part));
    if (name !== undefined) nodes.push(this.#place(nodes.at(-1), name, stat));
    else throw new RangeError('an entry has no name');
    this.#path = nodes;
  }

  #place(parent: EntryNode | undefined, name: string, stat: EntryStat): EntryNode {
    if (parent === undefined) throw new RangeError('an entry has no directory');
    const known = parent.children?.get(name);
    if (known === undefined) return (this.#table as EntryTable).add(parent, name, stat);
    // An entry that changed while the cursor was written is in it twice, both times as it was told.
    known.stat = stat;
    return known;
  }

  #stat(): EntryStat {
    const from = this.#from;
    const before = this.#before;
    const flags = from.integer();
    const has = (flag: number): boolean => (flags & flag) !== 0;
    const size = BigInt(from.unsigned());
    const mtimeNs = before.mtimeNs + from.signed();
    const ctimeNs = has(CHANGED_WITH_CONTENT) ? mtimeNs : mtimeNs + from.signed();
    const birthtimeNs = has(BORN_WITH_CONTENT) ? mtimeNs : mtimeNs + from.signed();
    const ino = before.ino + from.signed();
    const nlink = has(SINGLE_LINK) ? 1n : BigInt(from.unsigned());
    const mode = has(MODE_AS_BEFORE) ? before.mode : from.integer();
    const dev = has(DEV_AS_BEFORE) ? before.dev : from.signed();
    const type = types[flags & 3] ?? 'other';
    Object.assign(before, { mtimeNs, ino, dev, mode });
    const stat = { type, size, mtimeNs, ctimeNs, birthtimeNs, dev, ino, mode, nlink };
    return has(HAS_LINK) ? { ...stat, link: from.string() } : stat;
  }
}

function childOf(parent: EntryNode | undefined, name: string): EntryNode {
  const child = parent?.children?.get(name);
  if (child === undefined) throw new RangeError('a directory is missing');
  return child;
}
