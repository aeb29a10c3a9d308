import { BatchConsumers, type ConsumersOwner } from './batch-consumers.ts';
import type { Contents, QueueBound, Repaired } from './batch-contents.ts';
import { BatchGate } from './batch-gate.ts';
import type { Change } from './change.ts';
import type { Clock } from './clock.ts';
import type { Look } from './resolver.ts';
import type { WatchSettings } from './watch-settings.ts';
import { WriteHold, type HoldExit } from './write-hold.ts';

/** What an outbox needs from its watch. */
export interface OutboxOwner extends ConsumersOwner {
  /** The watched path, as it was given. */
  readonly path: string;
  /** More changes waited than may wait. */
  overflowed(): void;
  /** Looks at the file a change is of: now, or when its file system answers. */
  look(change: Change): Look | Promise<Look>;
  /** The file is not what was told of it. */
  differs(change: Change): void;
}

/** What waits, for one path in the order in which it is told last first. */
export interface Untold {
  /** The changes. */
  readonly changes: readonly Change[];
  /** Whether there are more, which are not known one by one. */
  readonly unsure: boolean;
}

/** The way of changes from a watch to its consumers: files at rest, batches settled, consumers at their own pace. */
export class Outbox implements QueueBound, HoldExit {
  readonly consumers: BatchConsumers;
  readonly #clock: Clock;
  readonly #settings: WatchSettings;
  readonly #owner: OutboxOwner;
  /** Whether changes wait for nothing. */
  readonly #prompt: boolean;
  #referenced: boolean;
  /**
   * The only change since the last release, where changes wait for nothing: the usual case, which so
   * needs no gate, and is told in nine tenths of the time.
   */
  #single: Change | null = null;
  #hold: WriteHold | null = null;
  #gate: BatchGate | null = null;

  constructor(clock: Clock, settings: WatchSettings, referenced: boolean, owner: OutboxOwner) {
    this.#clock = clock;
    this.#settings = settings;
    this.#owner = owner;
    this.#prompt = settings.settleMs === 0 && settings.stableWriteMs === 0 && !settings.pair;
    this.#referenced = referenced;
    this.consumers = new BatchConsumers(this, settings.pair, owner);
  }

  get maxQueuedPaths(): number {
    return this.#settings.maxQueuedPaths;
  }

  get overflow(): Repaired {
    const { path } = this.#owner;
    return { under: [path], why: 'overflow', unsure: [path] };
  }

  overflowed(): void {
    // Who has yet to read that too much waited is not told of it again.
    const known =
      this.#gate?.collapsed === true && this.consumers.furthestBehind?.collapsed === true;
    if (!known) this.#owner.overflowed();
  }

  pass(changes: readonly Change[]): void {
    const gate = this.#opened();
    for (const change of changes) gate.add(change);
    gate.release();
  }

  look(change: Change): Look | Promise<Look> {
    return this.#owner.look(change);
  }

  differs(change: Change): void {
    this.#owner.differs(change);
  }

  emit(contents: Contents): void {
    this.#hold?.told();
    this.consumers.emit(contents);
  }

  /** Takes a change. */
  add(change: Change): void {
    if (this.#prompt && this.#single === null && this.#gate?.empty !== false) {
      this.#single = change;
      return;
    }
    const gate = this.#opened();
    if (this.#settings.stableWriteMs === 0) {
      gate.add(change);
      return;
    }
    this.#hold ??= new WriteHold(this.#clock, this.#settings.stableWriteMs, this.#referenced, this);
    for (const told of this.#hold.take(change)) gate.add(told);
    if (this.#hold.size <= this.maxQueuedPaths) return;
    this.#hold.drop();
    gate.overflow();
  }

  /** Marks what goes out next as the repair of a loss; one that changed nothing is only told when it must be. */
  repair(repaired: Repaired, always: boolean): void {
    this.#opened().repair(repaired, always);
  }

  /** Says that nothing of what was taken is known any more, as to an earlier consumer. */
  repairAll(): void {
    this.repair(this.overflow, true);
  }

  /** The changes so far belong together: they go out now, or when they may. */
  release(): void {
    if (this.#single === null) this.#gate?.release();
    else this.#tellSingle(this.#single);
  }

  /** Lets everything out now. */
  flush(): void {
    this.#hold?.flush();
    if (this.#single === null) this.#gate?.flush();
    else this.#tellSingle(this.#single);
  }

  /** What waits for the consumer that is furthest behind. */
  untold(): Untold {
    const behind = this.consumers.furthestBehind;
    return {
      changes: [
        ...(this.#hold?.changes() ?? []),
        ...(this.#single === null ? [] : [this.#single]),
        ...(this.#gate?.changes ?? []),
        ...(behind?.changes ?? []),
      ],
      unsure: (this.#gate?.collapsed ?? false) || (behind?.collapsed ?? false),
    };
  }

  /** Sets whether timers keep the process alive. */
  setReferenced(referenced: boolean): void {
    this.#referenced = referenced;
    this.#hold?.setReferenced(referenced);
    this.#gate?.setReferenced(referenced);
  }

  /** Forgets what was not delivered. */
  close(): void {
    this.#single = null;
    this.#hold?.close();
    this.#gate?.close();
  }

  #tellSingle(change: Change): void {
    this.#single = null;
    this.consumers.emit({ changes: [change] });
  }

  /** The gate, with what came before in it. */
  #opened(): BatchGate {
    this.#gate ??= new BatchGate(this.#clock, this.#settings, this, this.#referenced, this);
    if (this.#single !== null) this.#gate.add(this.#single);
    this.#single = null;
    return this.#gate;
  }
}
