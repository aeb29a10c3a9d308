import type { BindingHub } from './binding-hub.ts';
import { isWithin } from './directory-table.ts';
import type { NativeCallback, NativeHandle } from './native-binding.ts';
import { literalPaths } from './native-ignore.ts';

/** What handles on the trees of one root are made with. */
export interface TreeHandlesInit {
  readonly hub: BindingHub;
  readonly onNative: NativeCallback;
  /** The absolute path of a directory given relative to the root. */
  readonly absolute: (relative: string) => string;
}

/** The subscriptions of one root, by the directory at the top of each; paths are relative with `/`. */
export class TreeHandles {
  readonly #init: TreeHandlesInit;
  readonly #handles = new Map<string, NativeHandle>();

  constructor(init: TreeHandlesInit) {
    this.#init = init;
  }

  get size(): number {
    return this.#handles.size;
  }

  /** The tops of subtrees in a directory; the root's own is none of them. */
  within(relative: string): string[] {
    return [...this.#handles.keys()].filter((top) => top !== '' && isWithin(top, relative));
  }

  /** Subscribes a tree anew, without the directories in `ignore`. Throws what the binding says. */
  async open(top: string, ignore: readonly string[]): Promise<void> {
    const { hub, onNative, absolute } = this.#init;
    // The tree of a subscription that still lives would be taken for the truth.
    await this.close(top);
    const handle = await hub.subscribe(absolute(top), onNative, literalPaths(ignore.map(absolute)));
    this.#handles.set(top, handle);
  }

  async close(top: string): Promise<void> {
    const handle = this.#handles.get(top);
    this.#handles.delete(top);
    if (handle !== undefined) await this.#init.hub.unsubscribe(this.#init.absolute(top), handle);
  }

  async closeAll(): Promise<void> {
    for (const top of [...this.#handles.keys()]) await this.close(top);
  }
}
