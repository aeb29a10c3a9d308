/** Longest list that is searched from its start: that takes less than the stat that comes with each search. */
const LISTED = 32;

/**
 * Entries of one directory by their names: a list while there are few of them, as in most directories,
 * else a map. A list takes a fifth of the memory, and less of the time that a large tree costs at first.
 */
export class ChildNodes<Node extends { readonly name: string }> {
  #list: Node[] = [];
  #map: Map<string, Node> | null = null;

  /** How many there are. */
  get size(): number {
    return this.#map?.size ?? this.#list.length;
  }

  /** Finds one. */
  get(name: string): Node | undefined {
    if (this.#map !== null) return this.#map.get(name);
    for (const node of this.#list) if (node.name === name) return node;
    return undefined;
  }

  /** Adds one whose name is not there yet. */
  add(node: Node): void {
    if (this.#map === null && this.#list.length < LISTED) {
      this.#list.push(node);
      return;
    }
    this.#map ??= new Map(this.#list.map((one) => [one.name, one]));
    this.#list = [];
    this.#map.set(node.name, node);
  }

  /** Takes one out. */
  delete(node: Node): void {
    if (this.#map !== null) this.#map.delete(node.name);
    // A new list: whoever reads the old one misses nothing that stays.
    else this.#list = this.#list.filter((one) => one !== node);
  }

  /** Gives all of them, in the order in which they came; none that stays is left out if others come or go meanwhile. */
  values(): Iterable<Node> {
    return this.#map?.values() ?? this.#list;
  }
}
