import type { Clock } from '@watchkeeper/core';
import type { ChangeBook } from './change.ts';
import type { ConfigEvent, Rollout } from './event.ts';
import type { Fanout } from './fanout.ts';
import { FanoutQueue } from './fanout-queue.ts';
import type { Receiver } from './fanout-queue.ts';
import type { DeepReadonly } from './key-path.ts';
import { LiveSession } from './live-session.ts';
import type { SessionHost } from './live-session.ts';
import type { Session, SessionOptions } from './session.ts';
import type { Snapshot } from './snapshot.ts';
import type { SessionCounts } from './status.ts';
import type { TimerSet } from './timer-set.ts';

/** What the registry needs of its manager. */
export interface RegistryParts<T> {
  readonly fanout: Fanout;
  readonly changes: ChangeBook<T>;
  readonly clock: Clock;
  readonly timers: TimerSet;
  readonly random: () => number;
  readonly current: () => Snapshot<T> | undefined;
  readonly emit: (event: ConfigEvent<T>) => void;
  readonly onIdle: () => void;
}

type OpenSession<T> = Session<T> & Receiver;

/** The sessions of one manager, their fan-out, and how far the newest generation has come. */
export class SessionRegistry<T> {
  /** Acknowledgements since the start. */
  acks = 0;
  /** Failed tries since the start. */
  nacks = 0;
  readonly #parts: RegistryParts<T>;
  readonly #queue: FanoutQueue;
  readonly #host: SessionHost<T>;
  readonly #sessions = new Map<string, OpenSession<T>>();
  #behind = 0;
  #told = 0;

  constructor(parts: RegistryParts<T>) {
    this.#parts = parts;
    const { changes, clock, fanout, onIdle, random, timers } = parts;
    const queue = new FanoutQueue({ fanout, clock, timers, onIdle });
    this.#queue = queue;
    this.#host = {
      changes,
      clock,
      fanout,
      queue,
      random,
      timers,
      get current() {
        return parts.current();
      },
      acked: (session, generation, ms) => {
        this.acks++;
        parts.emit({ type: 'ack', session, generation, ms });
      },
      nacked: (session, generation, error, final) => {
        this.nacks++;
        parts.emit({ type: 'nack', session, generation, error, final });
      },
      settled: () => this.#settled(),
    };
  }

  /** Whether every session is done with the newest generation. */
  get idle(): boolean {
    return this.#queue.idle && (this.#behind === 0 || this.#parts.current() === undefined);
  }

  /** Opens a session; it gets the current generation as soon as a place is free. */
  open<V>(
    options: SessionOptions<T, V>,
    select: (value: DeepReadonly<T>) => V,
    onClose: () => void,
  ): Session<T> {
    if (this.#sessions.has(options.id)) {
      throw new TypeError(`session.id: wanted an id that no open session has, got ${options.id}`);
    }
    const session = new LiveSession<T, V>(options, select, this.#host, (settled) => {
      this.#sessions.delete(options.id);
      if (!settled) this.#settled();
      onClose();
    });
    this.#sessions.set(session.id, session);
    this.#behind++;
    if (options.signal?.aborted === true) void session.close();
    else if (session.wants) this.#queue.enqueue(session);
    return session;
  }

  /** A new generation is visible: everyone gets a turn. */
  spread(snapshot: Snapshot<T>): void {
    this.#behind = this.#sessions.size;
    if (this.#behind === 0) this.#tell();
    this.#queue.spread(this.#sessions.values(), this.#sessions.size, snapshot.generation);
  }

  /** How the sessions do. */
  counts(): SessionCounts {
    let nacked = 0;
    for (const { state } of this.#sessions.values()) if (state === 'nacked') nacked++;
    const behind = this.#parts.current() === undefined ? this.#sessions.size : this.#behind;
    return { total: this.#sessions.size, behind, nacked };
  }

  /** How far the newest generation has come. */
  rollout(): Rollout | undefined {
    const current = this.#parts.current();
    if (current === undefined) return undefined;
    const { behind, nacked, total } = this.counts();
    return {
      generation: current.generation,
      total,
      acked: total - behind - nacked,
      nacked,
      pending: behind,
      startedAt: current.at,
      done: behind === 0,
    };
  }

  /** Closes every session. */
  close(): void {
    for (const session of this.#sessions.values()) void session.close();
  }

  #settled(): void {
    if (--this.#behind > 0) return;
    this.#tell();
    this.#parts.onIdle();
  }

  /** Once per generation: a session that joins later is told by its own acknowledgement. */
  #tell(): void {
    const rollout = this.rollout();
    if (rollout === undefined || rollout.generation === this.#told || rollout.total === 0) return;
    this.#told = rollout.generation;
    this.#parts.emit({ type: 'rollout', rollout });
  }
}
