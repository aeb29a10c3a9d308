import { sep } from 'node:path';
import type { Clock, WatchError } from '@watchkeeper/core';
import { coversTrees, type EntryIdentity } from '@watchkeeper/core/backend-kit';
import type { BindingHub } from './binding-hub.ts';
import type { Cover, CoverContext } from './cover.ts';
import { DirectoryCover } from './directory-cover.ts';
import type { NativeEvent } from './native-binding.ts';
import { Gaps } from './gaps.ts';
import { REOPEN_TRIES, REOPEN_WINDOW_MS } from './options.ts';
import { PlainCover } from './plain-cover.ts';
import type { Preflight } from './preflight.ts';
import type { Finding, RootMember } from './root-member.ts';
import { errors, toWatchError } from './watch-failure.ts';

/** What a root is made with. */
export interface NativeRootInit {
  readonly path: string;
  readonly identity: EntryIdentity;
  readonly platform: NodeJS.Platform;
  readonly hub: BindingHub;
  readonly preflight: Preflight;
  readonly sliceMs: number;
  readonly clock: Clock;
  /** Resolves when an earlier root of the same path has let everything go. */
  readonly after: Promise<void>;
  readonly onIdle: (root: NativeRoot) => void;
}

/**
 * One watched directory tree and all who watch it: the binding shares one tree per directory whatever
 * the options of its subscriptions, so there is one subscription here, and each member filters.
 */
export class NativeRoot {
  readonly identity: EntryIdentity;
  readonly #init: NativeRootInit;
  readonly #members = new Set<RootMember>();
  /** Those whose turn to join has not come. */
  readonly #joining = new Set<RootMember>();
  #cover: Cover | null = null;
  #work: Promise<void>;
  #pending = 0;
  #events: NativeEvent[] = [];
  #draining = false;
  #generation = 0;
  #failures: number[] = [];
  #gaps = new Gaps();

  constructor(init: NativeRootInit) {
    this.identity = init.identity;
    this.#init = init;
    this.#work = init.after;
  }

  /** Resolves when all work given so far is done. */
  get settled(): Promise<void> {
    return this.#work;
  }

  /** Adds a member; resolves when everything it wants is covered. */
  join(member: RootMember): Promise<void> {
    this.#joining.add(member);
    return this.#enqueue(async () => {
      // It left before its turn: nothing is opened for nobody.
      if (!this.#joining.delete(member)) return;
      this.#members.add(member);
      try {
        if (this.#cover === null) await this.#open();
        else if (!this.#cover.serves(member)) await this.#restart();
      } catch (cause) {
        this.#members.delete(member);
        throw toWatchError(cause, this.#init.path);
      }
    });
  }

  /** Takes a member out, at once; resolves when nothing is held that only it needed. */
  leave(member: RootMember): Promise<void> {
    this.#joining.delete(member);
    this.#members.delete(member);
    return this.#enqueue(async () => {
      this.#members.delete(member);
      if (this.#members.size === 0) await this.#closeCover();
    });
  }

  /** Ends every member: the directory is gone, or another one took its place. */
  expire(): void {
    this.#endAll(errors.rootGone(this.#init.path, 'replaced'));
  }

  /** Tries again what could not be covered. */
  recheck(): void {
    this.#cover?.recheck();
  }

  async #open(): Promise<void> {
    const context = this.#contextOf();
    const plain =
      coversTrees(this.#init.platform) || context.members().every((member) => member.shallow);
    const cover = plain ? new PlainCover(context) : new DirectoryCover(context);
    this.#cover = cover;
    try {
      await cover.open();
    } catch (error) {
      await this.#closeCover();
      throw error;
    }
  }

  async #restart(): Promise<void> {
    await this.#closeCover();
    if (this.#members.size === 0) return;
    const before = this.#gaps;
    this.#gaps = new Gaps();
    try {
      await this.#open();
    } catch (cause) {
      this.#endAll(toWatchError(cause, this.#init.path));
      throw cause;
    }
    const closed = before.take().filter((path) => !this.#gaps.has(path));
    for (const member of this.#members) {
      if (closed.length > 0) member.regain(closed);
      member.lose('restart');
    }
  }

  async #closeCover(): Promise<void> {
    const cover = this.#cover;
    this.#cover = null;
    this.#generation += 1;
    this.#events = [];
    await cover?.close();
  }

  #contextOf(): CoverContext {
    const { path, hub, preflight, sliceMs, clock } = this.#init;
    const generation = this.#generation;
    return {
      path,
      hub,
      preflight,
      sliceMs,
      now: () => clock.now(),
      members: () => [...this.#members],
      onNative: (error, events) => {
        // What was under way when a subscription ended says nothing about the one that followed.
        if (generation !== this.#generation) return;
        if (error === null) this.#receive(events);
        else setImmediate(() => this.#onFailure(error, generation));
      },
      schedule: (work) => this.#schedule(work),
      report: (findings) => this.#report(findings),
      problem: (problem) => {
        this.#gaps.add(problem);
        for (const member of this.#members) member.problem(problem);
      },
      covered: (paths) => this.#regain(paths),
      wantRestart: () => this.#schedule(() => this.#restart()),
    };
  }

  /** Nothing is done inside the binding's callback: whatever is thrown there ends the process. */
  #receive(events: readonly NativeEvent[]): void {
    for (const event of events) this.#events.push(event);
    this.#scheduleDrain();
  }

  #scheduleDrain(): void {
    if (this.#draining) return;
    this.#draining = true;
    setImmediate(() => {
      this.#draining = false;
      this.#drain();
    });
  }

  #drain(): void {
    const { clock, sliceMs } = this.#init;
    const end = clock.now() + sliceMs;
    const findings: Finding[] = [];
    let next = 0;
    for (const event of this.#events) {
      next += 1;
      const finding = this.#judge(event);
      if (finding !== null) findings.push(finding);
      if (clock.now() >= end) break;
    }
    this.#events = this.#events.slice(next);
    if (this.#events.length > 0) this.#scheduleDrain();
    this.#report(findings);
  }

  #judge({ path, type }: NativeEvent): Finding | null {
    const root = this.#init.path;
    if (path !== root && !path.startsWith(root.endsWith(sep) ? root : root + sep)) return null;
    const relative = path.slice(root.length).split(sep).filter(Boolean).join('/');
    if (relative !== '') return this.#cover?.judge(relative, type) ?? null;
    for (const member of this.#members) member.checkRoot();
    return { relative, stats: undefined, type: 'directory', reach: 'entry', hint: 'changed' };
  }

  #report(findings: readonly Finding[]): void {
    if (findings.length === 0) return;
    for (const member of this.#members) member.take(findings);
  }

  #regain(paths: readonly string[]): void {
    const closed = this.#gaps.take(paths);
    if (closed.length === 0) return;
    for (const member of this.#members) member.regain(closed);
  }

  #onFailure(cause: Error, generation: number): void {
    // All subscriptions of a root fail together when the binding's thread ends: one restart is enough.
    if (generation !== this.#generation) return;
    for (const member of this.#members) member.checkRoot();
    if (this.#members.size === 0) return;
    // FSEvents asks for a rescan this way and goes on; the other systems drop the subscription.
    if (this.#init.platform === 'darwin') {
      for (const member of this.#members) member.lose('overflow');
      return;
    }
    this.#generation += 1;
    const now = this.#init.clock.now();
    this.#failures = this.#failures.filter((time) => now - time < REOPEN_WINDOW_MS);
    this.#failures.push(now);
    if (this.#failures.length > REOPEN_TRIES) this.#endAll(toWatchError(cause, this.#init.path));
    else this.#schedule(() => this.#restart());
  }

  #endAll(error: WatchError): void {
    for (const member of [...this.#members]) member.end(error);
  }

  /** Work whose failure concerns everybody. */
  #schedule(work: () => Promise<void>): void {
    this.#enqueue(work).catch((cause: unknown) =>
      this.#endAll(toWatchError(cause, this.#init.path)),
    );
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#pending += 1;
    const result = this.#work.then(work);
    this.#work = result.then(
      () => this.#finishWork(),
      // Whoever gave the work gets its failure; the next work starts all the same.
      () => this.#finishWork(),
    );
    return result;
  }

  #finishWork(): void {
    this.#pending -= 1;
    if (this.#pending === 0 && this.#members.size === 0) this.#init.onIdle(this);
  }
}
