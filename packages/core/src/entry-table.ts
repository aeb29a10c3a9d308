import { sep } from 'node:path';
import { ChildNodes } from './child-nodes.ts';
import type { EntryStat } from './entry.ts';

/** One known entry of a tree. */
export interface EntryNode {
  /** Its name in its directory. */
  readonly name: string;
  /** What the last look found. */
  stat: EntryStat;
  /** The directory that holds it; `null` for the root, and once it was taken out. */
  parent: EntryNode | null;
  /** Known entries, if any were seen. */
  children: ChildNodes<EntryNode> | null;
}

/** What core knows of the entries at and below one directory. Changes only as looks come in. */
export class EntryTable {
  /** The directory itself. */
  readonly root: EntryNode;
  #size = 0;

  constructor(stat: EntryStat) {
    this.root = { name: '', stat, parent: null, children: null };
  }

  /** Number of entries, the root not counted. */
  get size(): number {
    return this.#size;
  }

  /** Finds an entry by its path relative to the root. */
  find(relative: string): EntryNode | undefined {
    let node: EntryNode | undefined = this.root;
    if (relative === '') return node;
    for (const name of relative.split(sep)) {
      node = node.children?.get(name);
      if (node === undefined) return undefined;
    }
    return node;
  }

  /** Adds an entry to a directory that does not hold that name. */
  add(parent: EntryNode, name: string, stat: EntryStat): EntryNode {
    const node: EntryNode = { name, stat, parent, children: null };
    parent.children ??= new ChildNodes();
    parent.children.add(node);
    this.#size++;
    return node;
  }

  /** Takes an entry out, with everything below it. */
  remove(node: EntryNode): void {
    const { parent } = node;
    if (parent === null) return;
    parent.children?.delete(node);
    if (parent.children?.size === 0) parent.children = null;
    node.parent = null;
    this.#size -= 1 + countBelow(node);
  }

  /** Takes out everything below an entry. */
  clear(node: EntryNode): void {
    this.#size -= countBelow(node);
    for (const child of node.children?.values() ?? []) child.parent = null;
    node.children = null;
  }

  /** Another table of the same entries. */
  copy(): EntryTable {
    const copy = new EntryTable(this.root.stat);
    copy.#copyBelow(this.root, copy.root);
    return copy;
  }

  /** Gives all entries on the device of the root another device number. */
  renumber(dev: bigint): void {
    renumberBelow(this.root, this.root.stat.dev, dev);
  }

  /** Whether a node is still part of this table. */
  holds(node: EntryNode): boolean {
    let top = node;
    while (top.parent !== null) top = top.parent;
    return top === this.root;
  }

  #copyBelow(from: EntryNode, to: EntryNode): void {
    for (const child of from.children?.values() ?? []) {
      this.#copyBelow(child, this.add(to, child.name, child.stat));
    }
  }
}

function renumberBelow(node: EntryNode, from: bigint, to: bigint): void {
  if (node.stat.dev === from) node.stat = { ...node.stat, dev: to };
  for (const child of node.children?.values() ?? []) renumberBelow(child, from, to);
}

function countBelow(node: EntryNode): number {
  let count = 0;
  for (const child of node.children?.values() ?? []) count += 1 + countBelow(child);
  return count;
}

/** How many directories there are below a node. */
export function countDirectories(node: EntryNode): number {
  let count = 0;
  for (const child of node.children?.values() ?? []) {
    if (child.stat.type === 'directory') count += 1 + countDirectories(child);
  }
  return count;
}

/** The path of an entry below another one. */
export function below(relative: string, name: string): string {
  return relative === '' ? name : relative + sep + name;
}

/** Visits everything below a node, each directory before its entries. */
export function* entriesBelow(
  node: EntryNode,
  relative = '',
): Generator<readonly [relative: string, stat: EntryStat]> {
  for (const child of node.children?.values() ?? []) {
    const path = below(relative, child.name);
    yield [path, child.stat];
    yield* entriesBelow(child, path);
  }
}
