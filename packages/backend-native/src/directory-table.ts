import type { EntryIdentity } from '@watchkeeper/core/backend-kit';

class Node {
  identity: EntryIdentity | null = null;
  readonly children: Map<string, Node> = new Map<string, Node>();
}

/** The directories that are known to be covered, by path relative to the root with `/`; the root itself is `''`. */
export class DirectoryTable {
  #root = new Node();

  /** The identity a directory had when it was covered. */
  get(relative: string): EntryIdentity | undefined {
    return this.#find(relative)?.identity ?? undefined;
  }

  has(relative: string): boolean {
    return this.get(relative) !== undefined;
  }

  set(relative: string, identity: EntryIdentity): void {
    let node = this.#root;
    for (const name of segments(relative)) {
      let child = node.children.get(name);
      if (child === undefined) {
        child = new Node();
        node.children.set(name, child);
      }
      node = child;
    }
    node.identity = identity;
  }

  /** Forgets a directory and everything below it. */
  delete(relative: string): void {
    if (relative === '') {
      this.#root = new Node();
      return;
    }
    const names = segments(relative);
    const last = names.pop() as string;
    this.#find(names.join('/'))?.children.delete(last);
  }

  /** The highest ancestor of an entry, below the root, that is not known; `null` when all are. */
  firstUnknownAbove(relative: string): string | null {
    const names = segments(relative);
    let node: Node | undefined = this.#root;
    for (const [index, name] of names.slice(0, -1).entries()) {
      node = node.children.get(name);
      if (!node?.identity) return names.slice(0, index + 1).join('/');
    }
    return null;
  }

  #find(relative: string): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const name of segments(relative)) node = node?.children.get(name);
    return node;
  }
}

function segments(relative: string): string[] {
  return relative === '' ? [] : relative.split('/');
}

/** Whether an entry is `top` or lies below it; both relative with `/`. */
export function isWithin(relative: string, top: string): boolean {
  return top === '' || relative === top || relative.startsWith(`${top}/`);
}

/** The path of an entry relative to the root. */
export function childOf(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
