import type { Change } from './change.ts';
import type { Clock, Timer } from './clock.ts';
import { coalesce } from './coalesce.ts';
import type { EntryStat } from './entry.ts';
import { isWatchError } from './errors.ts';
import { identityKey } from './rename-halves.ts';
import type { Pending } from './rename-pairing.ts';
import type { Look } from './resolver.ts';

/** Files looked at again in one turn of the event loop: well below a millisecond on a local disk. */
export const RECHECK_CHUNK = 64;

/** Where changes go once they are let out, and how a file is looked at once more before. */
export interface HoldExit {
  /** Lets changes go on. */
  pass(changes: readonly Change[]): void;
  /** Looks at the file a change is of: now, or when its file system answers. */
  look(change: Change): Look | Promise<Look>;
  /** The file is not what was told of it: somebody still writes to it. */
  differs(change: Change): void;
}

interface Held {
  readonly change: Pending;
  /** When its size and time will have rested long enough. */
  readonly due: number;
}

function sameContent(a: EntryStat | null, b: EntryStat | null): boolean {
  if (a === null || b === null) return false;
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ino === b.ino && a.dev === b.dev;
}

/** Whether a change says that somebody may be writing a file. */
function isWritten({ kind, origin, after }: Change): boolean {
  // What is found at the start is told at the start.
  if (after?.type !== 'file' || origin === 'initial' || origin === 'resume') return false;
  return kind === 'create' || kind === 'modify' || kind === 'replace';
}

function keyOf(stat: EntryStat | null): string | null {
  return stat?.type === 'file' ? identityKey(stat) : null;
}

/**
 * Holds files that are being written until size and modification time have rested for a while. Before
 * a file is let out it is looked at once more, so that a backend that looks rarely does not make a
 * file look finished. A removal passes at once, and so does a file that was only renamed.
 */
export class WriteHold {
  readonly #clock: Clock;
  readonly #restMs: number;
  readonly #exit: HoldExit;
  /** In the order in which they are due: what is written to again goes to the end. */
  readonly #held = new Map<string, Held>();
  /** Names of held creations by identity, and files that left a name since the last {@link WriteHold.told}. */
  readonly #created = new Map<string, string>();
  readonly #left = new Map<string, EntryStat>();
  #timer: Timer | null = null;
  #immediate: NodeJS.Immediate | undefined;
  #referenced: boolean;
  #checking = false;
  #closed = false;

  constructor(clock: Clock, restMs: number, referenced: boolean, exit: HoldExit) {
    this.#clock = clock;
    this.#restMs = restMs;
    this.#referenced = referenced;
    this.#exit = exit;
  }

  /** How many files are held. */
  get size(): number {
    return this.#held.size;
  }

  /** The changes that are held. */
  *changes(): Generator<Pending> {
    for (const { change } of this.#held.values()) yield change;
  }

  /** Takes a change; gives what is to be told now. */
  take(change: Change): readonly Change[] {
    const held = this.#held.get(change.path);
    const folded = held === undefined ? change : coalesce(held.change, change);
    if (held !== undefined && folded !== null && sameContent(held.change.after, folded.after)) {
      // Only its attributes changed: it stays where it is in the order.
      this.#held.set(change.path, { change: folded, due: held.due });
      return [];
    }
    this.#drop(change.path);
    if (folded === null) return [];
    if (folded.kind === 'remove') return this.#removed(folded);
    const key = keyOf(folded.after);
    const renamed = key !== null && sameContent(this.#left.get(key) ?? null, folded.after);
    if (renamed || !isWritten(folded)) return [folded];
    this.#keep(folded, this.#clock.now() + this.#restMs);
    return [];
  }

  /** What was let out has been told: who left before will not be found under another name. */
  told(): void {
    this.#left.clear();
  }

  /** Lets everything out now. */
  flush(): void {
    const changes = [...this.changes()];
    this.#forget();
    if (changes.length > 0) this.#exit.pass(changes);
  }

  /** Lets nothing out of what is held: there is too much. */
  drop(): void {
    this.#forget();
  }

  /** Sets whether the timer keeps the process alive. */
  setReferenced(referenced: boolean): void {
    this.#referenced = referenced;
    if (referenced) this.#timer?.ref();
    else this.#timer?.unref();
  }

  /** Forgets what is held. */
  close(): void {
    this.#closed = true;
    this.#forget();
    this.#left.clear();
  }

  #removed(change: Pending): readonly Change[] {
    const key = keyOf(change.before);
    if (key === null || change.before === null) return [change];
    this.#left.set(key, change.before);
    const name = this.#created.get(key);
    const held = name === undefined ? undefined : this.#held.get(name);
    if (held === undefined || !sameContent(change.before, held.change.after)) return [change];
    this.#drop(held.change.path);
    return [change, held.change];
  }

  /** Holds a change at the end of the order. */
  #keep(change: Pending, due: number): void {
    const key = change.kind === 'create' ? keyOf(change.after) : null;
    if (key !== null) this.#created.set(key, change.path);
    this.#held.set(change.path, { change, due });
    this.#arm();
  }

  #drop(path: string): Held | undefined {
    const held = this.#held.get(path);
    if (held === undefined) return undefined;
    this.#held.delete(path);
    const key = keyOf(held.change.after);
    if (key !== null && this.#created.get(key) === path) this.#created.delete(key);
    return held;
  }

  #forget(): void {
    this.#held.clear();
    this.#created.clear();
    this.#timer?.cancel();
    this.#timer = null;
    clearImmediate(this.#immediate);
    this.#immediate = undefined;
  }

  #arm(): void {
    if (this.#checking || this.#closed) return;
    if (this.#timer !== null || this.#immediate !== undefined) return;
    for (const { due } of this.#held.values()) {
      const wait = Math.max(0, due - this.#clock.now());
      this.#timer = this.#clock.setTimeout(this.#recheck, wait);
      if (!this.#referenced) this.#timer.unref();
      return;
    }
  }

  readonly #recheck = (): void => {
    this.#timer?.cancel();
    this.#timer = null;
    this.#immediate = undefined;
    this.#checking = true;
    const now = this.#clock.now();
    const passed: Change[] = [];
    let looks = 0;
    for (const held of this.#held.values()) {
      if (held.due > now) break;
      if (looks++ === RECHECK_CHUNK) {
        this.#immediate = setImmediate(this.#recheck);
        break;
      }
      const found = this.#exit.look(held.change);
      if (found instanceof Promise) this.#wait(held, found);
      else if (this.#isFinished(held, found)) passed.push(held.change);
    }
    this.#checking = false;
    if (passed.length > 0) this.#exit.pass(passed);
    this.#arm();
  };

  /** Sets a file aside, behind all others, until it is known what it is. */
  #wait(held: Held, found: Promise<Look>): void {
    const { change } = held;
    this.#drop(change.path);
    const waiting = { change, due: this.#clock.now() + this.#restMs };
    this.#keep(change, waiting.due);
    void found.then((look) => {
      const now = this.#held.get(change.path);
      if (this.#closed || now?.change !== change) return;
      if (this.#isFinished(now, look)) this.#exit.pass([change]);
    });
  }

  #isFinished({ change }: Held, found: Look): boolean {
    this.#drop(change.path);
    // What cannot be looked at now is told as it was last seen.
    if (isWatchError(found) || sameContent(change.after, found)) return true;
    this.#keep(change, this.#clock.now() + this.#restMs);
    this.#exit.differs(change);
    return false;
  }
}
