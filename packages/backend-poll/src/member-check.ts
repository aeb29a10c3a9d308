import type { Dirent } from 'node:fs';
import type { PolledEntry } from './polled-entry.ts';

/** Compares the members of a directory with those that are known, a part of a listing at a time. */
export class MemberCheck {
  readonly #entry: PolledEntry;
  readonly #seen = new Set<string>();

  constructor(entry: PolledEntry) {
    this.#entry = entry;
  }

  /** Takes in some members; returns those that are not known. */
  take(members: readonly Dirent[]): readonly Dirent[] {
    return members.filter(({ name }) => {
      this.#seen.add(name);
      return !this.#entry.children.has(name);
    });
  }

  /** The known members that were in no part of the listing. */
  missing(): readonly PolledEntry[] {
    return [...this.#entry.children.values()].filter(({ name }) => !this.#seen.has(name));
  }
}
