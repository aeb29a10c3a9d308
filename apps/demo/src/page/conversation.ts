import type { WireItem } from '@watchkeeper/server';

import { element } from './dom.ts';
import { cutView, messageView } from './message-view.ts';

/** Messages kept on the page; older ones leave it and come back with "Show earlier messages". */
const KEPT = 500;
/** Distance from the end, in pixels, within which the view follows new messages. */
const NEAR_END = 80;

/** The list of messages of one session, in the order of the file. */
export class Conversation {
  readonly #scroller: HTMLElement;
  readonly #list: HTMLOListElement;
  readonly #follow: HTMLButtonElement;
  readonly #held = new Map<string, { seq: number; rev: number; node: HTMLLIElement }>();

  constructor(scroller: HTMLElement, list: HTMLOListElement, follow: HTMLButtonElement) {
    this.#scroller = scroller;
    this.#list = list;
    this.#follow = follow;
    follow.addEventListener('click', () => this.toEnd());
    scroller.addEventListener('scroll', () => {
      if (this.#nearEnd()) follow.hidden = true;
    });
  }

  /** The `seq` of the oldest message shown, or `null`. */
  get oldest(): number | null {
    const first = this.#list.firstElementChild;
    return first instanceof HTMLElement ? Number(first.dataset['seq']) : null;
  }

  clear(): void {
    this.#held.clear();
    this.#list.replaceChildren();
    this.#follow.hidden = true;
  }

  /** Puts items in their places; items already held at the same or a newer `rev` change nothing. Returns what was new. */
  apply(items: readonly WireItem[], live: boolean): WireItem[] {
    const following = this.#nearEnd();
    const fresh = items.filter((item) => this.#put(item, live));
    if (live && fresh.length > 0) {
      if (following) {
        this.#trim();
        this.toEnd();
      } else this.#follow.hidden = false;
    }
    return fresh;
  }

  /** Puts older items before the others without moving what is being read. */
  prepend(items: readonly WireItem[]): void {
    const fromEnd = this.#scroller.scrollHeight - this.#scroller.scrollTop;
    for (const item of items) this.#put(item, false);
    this.#scroller.scrollTop = this.#scroller.scrollHeight - fromEnd;
  }

  #put(item: WireItem, live: boolean): boolean {
    const held = this.#held.get(item.key);
    if (held !== undefined && held.rev >= item.rev) return false;
    held?.node.remove();
    this.#held.delete(item.key);
    if (item.t === 'del') return true;
    const node = 'truncated' in item ? cutView(item) : messageView(item.key, item.message);
    if (live) node.classList.add('arrived');
    this.#held.set(item.key, { seq: item.seq, rev: item.rev, node });
    node.dataset['seq'] = String(item.seq);
    this.#insert(node, item.seq);
    return true;
  }

  #insert(node: HTMLLIElement, seq: number): void {
    let before = this.#list.lastElementChild;
    while (before instanceof HTMLElement && Number(before.dataset['seq']) > seq) {
      before = before.previousElementSibling;
    }
    if (before === null) this.#list.prepend(node);
    else before.after(node);
  }

  /** Lets the oldest go while more than {@link KEPT} are held. */
  #trim(): void {
    while (this.#list.childElementCount > KEPT) {
      const first = this.#list.firstElementChild;
      if (!(first instanceof HTMLElement)) return;
      this.#held.delete(first.dataset['key'] ?? '');
      first.remove();
    }
  }

  #nearEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  /** Scrolls to the newest message. */
  toEnd(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#follow.hidden = true;
  }
}

/** The heading of a session. */
export function sessionHeader(title: string, facts: readonly string[]): readonly Node[] {
  return [element('h2', {}, title), element('p', {}, facts.filter(Boolean).join(' · '))];
}
