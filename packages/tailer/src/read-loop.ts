import type { Clock, EntryStat } from '@watchkeeper/core';

import type { Engine } from './engine.ts';
import { errorCode } from './file-io.ts';
import type { Follower } from './follower.ts';
import type { Beating } from './heartbeat.ts';
import { Retry } from './retry.ts';
import { TURN_MS, type TurnTaker } from './turn-queue.ts';

/** Reads of one tail before others get their turn, 4 MiB with chunks of the default size; costly parsing ends it sooner, by time. */
export const TURN_READS = 16;

/** A quiet file whose appends are signalled promptly is looked at less and less often, by this factor. */
export const QUIET_FACTOR = 8;

/** Longest time between two looks at a quiet file whose appends are signalled promptly: the last resort only. */
export const QUIET_HEARTBEAT_MS = 30_000;

/** Three times the factor reaches the longest time from every sensible heartbeat. */
const MOST_QUIET_STEPS = 3;

/** What a {@link ReadLoop} asks and tells its owner. */
export interface ReadLoopOwner {
  /** Whether what is read now could be handed on. */
  ready(): boolean;
  /** Whether appends are signalled as they are made. */
  prompt(): boolean;
  /** The first turn is over: the file is known, unless it is missing or cannot be reached. */
  begun(): void;
  /** One read is complete: what it brought can be handed on. */
  stepped(): void;
  /** The first failure of an episode. */
  failed(error: unknown): void;
  /** {@link ReadLoop.stop} was called during a read, which is complete now. */
  interrupted(): void;
}

/** What a {@link ReadLoop} works with. */
export interface ReadLoopConfig {
  readonly follower: Follower;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly heartbeatMs: number;
}

/** Decides when a follower reads: on a signal at once, in turns with others while there is much, again after a failure, and on its own heartbeat. */
export class ReadLoop implements TurnTaker, Beating {
  beatAt = -1;
  readonly #config: ReadLoopConfig;
  readonly #owner: ReadLoopOwner;
  readonly #retry: Retry;
  /** A signal came that no read has followed yet. */
  #dirty = false;
  #begun = false;
  #reading = false;
  #turning = false;
  #stopped = false;
  /** Heartbeats since the file last grew. */
  #quietBeats = 0;
  #positionAtBeat = -1;

  constructor(config: ReadLoopConfig, owner: ReadLoopOwner) {
    this.#config = config;
    this.#owner = owner;
    this.#retry = new Retry(config.clock, () => this.wake());
  }

  /** Whether the first turn is over. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Whether a line may be on its way through the caller's code. */
  get reading(): boolean {
    return this.#reading;
  }

  /** Begins the heartbeat; with `read` also a first turn. */
  start(read: boolean): void {
    this.#scheduleBeat();
    if (read) this.#config.engine.turns.add(this);
  }

  /** The path was found changed: `found` is what stands there now, or `undefined` when that is not known. */
  changed(found: EntryStat | null | undefined): void {
    if (this.#stopped) return;
    if (found === undefined || !this.#config.follower.note(found)) this.#look();
    this.wake();
  }

  /** Changes may have been missed: looks where the path leads, and reads. */
  lookAndRead(): void {
    this.changed(undefined);
  }

  /** The owner is ready again. */
  resume(): void {
    if (this.#dirty) this.wake();
  }

  /** There may be something to read. */
  wake(): void {
    if (this.#stopped) return;
    const { engine, follower } = this.#config;
    this.#dirty = true;
    if (this.#turning || engine.turns.has(this) || !this.#owner.ready()) return;
    follower.begin();
    if (this.takeTurn()) engine.turns.add(this);
  }

  takeTurn(): boolean {
    if (this.#stopped) return false;
    this.#dirty = !this.#owner.ready();
    if (this.#dirty) return false;
    let more = false;
    this.#turning = true;
    try {
      more = this.#readOn();
      this.#retry.end();
    } catch (error) {
      // Whatever keeps the file from being read is handed on as data, and tried again.
      this.#failed(error);
    }
    this.#turning = false;
    if (this.#stopped) {
      this.#owner.interrupted();
      return false;
    }
    if (!this.#begun) {
      this.#begun = true;
      this.#owner.begun();
    }
    const { engine, follower } = this.#config;
    if (follower.recheckMs !== null) engine.heartbeats.schedule(this, follower.recheckMs);
    return more || (this.#dirty && this.#owner.ready());
  }

  beat(): void {
    if (this.#stopped) return;
    if (!this.#retry.active && this.#owner.ready() && this.#look()) this.wake();
    if (this.#stopped) return;
    const { position } = this.#config.follower;
    this.#quietBeats = position === this.#positionAtBeat ? this.#quietBeats + 1 : 0;
    this.#positionAtBeat = position;
    this.#scheduleBeat();
  }

  /** Never reads on its own again; holds no timer any more. */
  stop(): void {
    const { engine } = this.#config;
    this.#stopped = true;
    engine.turns.remove(this);
    engine.heartbeats.cancel(this);
  }

  /** After {@link ReadLoop.stop}: reads what is there now, at most `reads` chunks. */
  readRest(reads: number): void {
    const { follower } = this.#config;
    const reported = this.#retry.active;
    this.#retry.end();
    try {
      follower.look();
      follower.begin();
      for (let left = reads; left > 0 && this.#step(); left -= 1);
    } catch (error) {
      if (!reported) this.#owner.failed(error);
    }
  }

  /** Reads until there is nothing more, the owner is not ready, or it is the turn of others. Returns whether there may be more. */
  #readOn(): boolean {
    const { clock } = this.#config;
    const until = clock.now() + TURN_MS;
    for (let reads = 1; this.#step(); reads += 1) {
      if (this.#stopped) return false;
      if (!this.#owner.ready()) {
        this.#dirty = true;
        return false;
      }
      if (reads >= TURN_READS || clock.now() >= until) return true;
    }
    return false;
  }

  #step(): boolean {
    const { follower } = this.#config;
    const { position } = follower;
    this.#reading = true;
    let more: boolean;
    try {
      more = follower.step();
    } finally {
      this.#reading = false;
    }
    if (follower.position !== position) this.#grew();
    this.#owner.stepped();
    return more;
  }

  #grew(): void {
    if (this.#quietBeats === 0 || this.#stopped) return;
    this.#quietBeats = 0;
    this.#scheduleBeat();
  }

  /** Looks at the path. Returns whether there may be something to read; a failure to look is met again by the read. */
  #look(): boolean {
    try {
      return this.#config.follower.look();
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return true;
    }
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    this.#config.follower.recover();
    if (this.#retry.failed()) this.#owner.failed(error);
  }

  #scheduleBeat(): void {
    const { heartbeatMs, follower, engine } = this.#config;
    const quiet = this.#owner.prompt() && !follower.draining ? this.#quietBeats : 0;
    const delay = heartbeatMs * QUIET_FACTOR ** Math.min(quiet, MOST_QUIET_STEPS);
    engine.heartbeats.schedule(this, Math.min(delay, Math.max(heartbeatMs, QUIET_HEARTBEAT_MS)));
  }
}
