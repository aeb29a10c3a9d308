import { join } from 'node:path';
import type { WatchError } from '@watchkeeper/core';
import {
  entryType,
  isAbsence,
  isSameEntry,
  tryReadStats,
  type EntryIdentity,
} from '@watchkeeper/core/backend-kit';
import type { Cover, CoverContext } from './cover.ts';
import { childOf, DirectoryTable, isWithin } from './directory-table.ts';
import {
  freshDirectories,
  identityOf,
  subdirectories,
  walkDirectories,
  type WalkResult,
} from './directory-walk.ts';
import type { NativeEvent } from './native-binding.ts';
import { EXTRA_LIMIT } from './options.ts';
import { isReadable } from './readable.ts';
import { isRefusedFor, type Finding, type RootMember } from './root-member.ts';
import { TreeHandles } from './tree-handles.ts';
import { isGone, toWatchError } from './watch-failure.ts';

/** Attempts to cover a tree in which directories vanish at that very moment, which fails the whole subscription. */
const COVER_TRIES = 3;

/**
 * Covers a tree where the binding watches each directory by itself (inotify), and mends what it
 * leaves open there. Directories that arrive with content, or are made while the tree is read, get
 * no watches (parcel-bundler/watcher issue 97): they are found by walking, and subscribed as trees of
 * their own. Directories that were moved keep reporting under their old names: what lies below a
 * directory that is not there is dropped.
 */
export class DirectoryCover implements Cover {
  readonly #context: CoverContext;
  readonly #handles: TreeHandles;
  readonly #table = new DirectoryTable();
  readonly #refused = new Set<string>();
  /** What cannot be read and is, or may be, a directory, with whether that was told; covered when it can be read. */
  readonly #unreadable = new Map<string, boolean>();
  /** Directories that were told to have no watch, and get one of their own when there is one. */
  readonly #unwatched = new Set<string>();
  /** Tops that wait to be covered; a cover of one includes what lies below it. */
  readonly #waiting = new Set<string>();
  #restarting = false;
  #closed = false;

  constructor(context: CoverContext) {
    this.#context = context;
    const { hub, onNative } = context;
    this.#handles = new TreeHandles({
      hub,
      onNative,
      absolute: (relative) => this.#absolute(relative),
    });
  }

  open(): Promise<void> {
    return this.#cover('');
  }

  serves(member: RootMember): boolean {
    return [...this.#refused].every((relative) => isRefusedFor(member, relative));
  }

  judge(relative: string, type: NativeEvent['type']): Finding | null {
    const unknown = this.#table.firstUnknownAbove(relative);
    // Below a directory nobody knows: new, unwanted, or the old name of one that was moved.
    if (unknown !== null) return this.#judgeUnknown(unknown);
    const known = this.#table.get(relative);
    const stats = tryReadStats(this.#absolute(relative));
    if (stats?.isDirectory() === true) {
      const isNew = known === undefined || !isSameEntry(known, stats);
      if (isNew) this.#discover(relative, stats);
      const reach = isNew ? 'tree' : 'entry';
      return { relative, stats, type: 'directory', reach, hint: isNew ? 'created' : 'changed' };
    }
    // Unknown is not gone: it may be another directory by now, or have become one.
    if (stats === undefined) this.#noteUnclear(relative);
    else if (known !== undefined) this.#forget(relative);
    return {
      relative,
      stats,
      type: stats ? entryType(stats) : known && 'directory',
      reach: known === undefined ? 'entry' : 'tree',
      hint: stats === null ? 'removed' : type === 'create' ? 'created' : 'changed',
    };
  }

  recheck(): void {
    for (const relative of [...this.#unreadable.keys()]) {
      const path = this.#absolute(relative);
      const stats = tryReadStats(path);
      if (stats === undefined) continue;
      if (!stats?.isDirectory()) {
        this.#unreadable.delete(relative);
        this.#context.covered([path]);
      } else if (isReadable(path)) {
        this.#discover(relative, stats);
        // Its own watch was refused with its listing, so it is covered whatever it holds.
        this.#unwatched.add(relative);
        this.#coverLater(relative);
      }
    }
    for (const relative of [...this.#unwatched]) this.#retry(relative);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#handles.closeAll();
  }

  /** Looks whether there is a watch for a directory now. A start from scratch could fail for want of watches, so it is none of the ways. */
  #retry(relative: string): void {
    const path = this.#absolute(relative);
    const stats = tryReadStats(path);
    if (stats === undefined) return;
    if (!stats?.isDirectory()) {
      this.#unwatched.delete(relative);
      return;
    }
    if (this.#handles.size + this.#waiting.size >= EXTRA_LIMIT) return;
    const { hub, preflight } = this.#context;
    if (hub.isStale(path) || preflight.limitReachedAt(path) !== null) return;
    if (!this.#table.has(relative)) this.#discover(relative, stats);
    this.#coverLater(relative);
  }

  #judgeUnknown(relative: string): Finding | null {
    if (this.#membersFor(relative).length === 0) return null;
    const stats = tryReadStats(this.#absolute(relative));
    if (stats === undefined) this.#noteUnclear(relative);
    if (stats?.isDirectory() !== true) return null;
    this.#discover(relative, stats);
    // The binding never named it, only something below: its watches there carry other, older names.
    this.#coverLater(relative);
    return { relative, stats, type: 'directory', reach: 'tree', hint: 'created' };
  }

  /** Notes a directory that was not known, or was another one; covers it when it came with directories in it. */
  #discover(relative: string, identity: EntryIdentity): void {
    this.#forget(relative);
    const members = this.#membersFor(relative);
    if (members.length === 0) {
      this.#refused.add(relative);
      return;
    }
    this.#table.set(relative, identityOf(identity));
    const path = this.#absolute(relative);
    const limit = this.#context.preflight.limitReachedAt(path);
    if (limit !== null) this.#noteUnwatched(relative, toWatchError(limit, path, 'partial'));
    try {
      const isWanted = (name: string): boolean =>
        this.#interest(childOf(relative, name), members).length > 0;
      if (subdirectories(path).some(isWanted)) this.#coverLater(relative);
    } catch (error) {
      if (!isAbsence(error)) this.#noteUnreadable(relative, error);
    }
  }

  #coverLater(relative: string): void {
    if (this.#restarting || this.#closed) return;
    if ([...this.#waiting].some((top) => isWithin(relative, top))) return;
    if (this.#handles.size + this.#waiting.size > EXTRA_LIMIT) {
      this.#restarting = true;
      this.#context.wantRestart();
      return;
    }
    this.#waiting.add(relative);
    this.#context.schedule(() => this.#coverLate(relative));
  }

  async #coverLate(relative: string): Promise<void> {
    this.#waiting.delete(relative);
    if (this.#restarting || this.#closed || !this.#table.has(relative)) return;
    const path = this.#absolute(relative);
    try {
      await this.#cover(relative);
      this.#tellCovered(relative);
    } catch (cause) {
      const error = toWatchError(cause, path, 'partial');
      // It was removed meanwhile, or another entry took its name, which its own event tells.
      if (!isGone(error) || this.#isUnchanged(relative)) this.#noteUnwatched(relative, error);
    }
    const stats = tryReadStats(path);
    if (this.#closed || stats?.isDirectory() !== true) return;
    // What was written between its discovery and now was told by nobody.
    this.#context.report([{ relative, stats, type: 'directory', reach: 'tree', hint: 'changed' }]);
  }

  /** Whether a directory is still the one that is known by this name. */
  #isUnchanged(relative: string): boolean {
    const known = this.#table.get(relative);
    const stats = tryReadStats(this.#absolute(relative));
    return known !== undefined && stats?.isDirectory() === true && isSameEntry(known, stats);
  }

  /** Subscribes a tree, and then every part of it that appeared while the binding read it. */
  async #cover(top: string): Promise<void> {
    const before = await this.#subscribeTree(top);
    if (this.#closed) return;
    const after = await this.#walk(top);
    this.#adopt(after);
    for (const fresh of freshDirectories(before, after)) {
      if (fresh !== top && !this.#closed) await this.#cover(fresh);
    }
  }

  async #subscribeTree(top: string): Promise<WalkResult> {
    for (let attempt = 1; ; attempt += 1) {
      const found = await this.#walk(top);
      if (this.#closed) return found;
      try {
        await this.#handles.open(top, [...found.refused, ...found.unreadable.keys()]);
        return found;
      } catch (cause) {
        const mayPass = isGone(toWatchError(cause, this.#absolute(top))) && attempt < COVER_TRIES;
        if (!mayPass || !tryReadStats(this.#absolute(top))) throw cause;
      }
    }
  }

  #walk(top: string): Promise<WalkResult> {
    const { now, sliceMs } = this.#context;
    return walkDirectories(top, this.#membersFor(top), {
      absolute: (relative) => this.#absolute(relative),
      interest: (relative, members: readonly RootMember[]) => this.#interest(relative, members),
      now,
      sliceMs,
    });
  }

  #adopt(walk: WalkResult): void {
    for (const [relative, identity] of walk.directories) this.#table.set(relative, identity);
    for (const relative of walk.refused) this.#refused.add(relative);
    for (const [relative, error] of walk.unreadable) this.#noteUnreadable(relative, error);
  }

  #forget(relative: string): void {
    this.#table.delete(relative);
    this.#refused.delete(relative);
    this.#unreadable.delete(relative);
    for (const top of this.#handles.within(relative))
      this.#context.schedule(() => this.#dropUnknown(top));
  }

  /** Ends the subscription of a subtree that left, unless another took its name meanwhile. */
  async #dropUnknown(top: string): Promise<void> {
    if (!this.#closed && !this.#table.has(top)) await this.#handles.close(top);
  }

  /** An entry of which an event tells, and nothing can be read: core tells that when it looks for itself. */
  #noteUnclear(relative: string): void {
    if (!this.#unreadable.has(relative)) this.#unreadable.set(relative, false);
  }

  #noteUnreadable(relative: string, cause: unknown): void {
    if (this.#unreadable.get(relative) === true) return;
    this.#unreadable.set(relative, true);
    this.#context.problem(toWatchError(cause, this.#absolute(relative), 'partial'));
  }

  /** Told once, however often it is tried again. */
  #noteUnwatched(relative: string, error: WatchError): void {
    if (this.#unwatched.has(relative)) return;
    this.#unwatched.add(relative);
    this.#context.problem(error);
  }

  #tellCovered(top: string): void {
    const mended = [...this.#unwatched].filter((relative) => isWithin(relative, top));
    for (const relative of mended) this.#unwatched.delete(relative);
    const covered = mended.filter((relative) => !this.#unreadable.has(relative));
    this.#context.covered(covered.map((relative) => this.#absolute(relative)));
  }

  /** Those who want a directory, asked from the top down so that nobody is asked below what they refused. */
  #membersFor(relative: string): readonly RootMember[] {
    let members: readonly RootMember[] = this.#context.members().filter(({ shallow }) => !shallow);
    if (relative === '') return members;
    const names = relative.split('/');
    for (let end = 1; end <= names.length && members.length > 0; end += 1) {
      members = this.#interest(names.slice(0, end).join('/'), members);
    }
    return members;
  }

  #interest(relative: string, members: readonly RootMember[]): readonly RootMember[] {
    return members.filter((member) => !member.refuses(relative, 'directory'));
  }

  #absolute(relative: string): string {
    return relative === '' ? this.#context.path : join(this.#context.path, relative);
  }
}
