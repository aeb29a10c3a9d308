import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@watchkeeper/core';
import { AckWaits } from './ack-waits.ts';
import type { ChangeBook } from './change.ts';
import { ConfigError } from './errors.ts';
import type { Fanout } from './fanout.ts';
import { idHash, retryDelay } from './fanout-plan.ts';
import type { FanoutQueue, Receiver } from './fanout-queue.ts';
import type { DeepReadonly } from './key-path.ts';
import { closedError } from './reload-loop.ts';
import type { ApplyContext, Session, SessionOptions } from './session.ts';
import type { Change, Snapshot } from './snapshot.ts';
import type { Cancel, TimerSet } from './timer-set.ts';

/** What a session needs of its manager. */
export interface SessionHost<T> {
  readonly current: Snapshot<T> | undefined;
  readonly changes: ChangeBook<T>;
  readonly queue: FanoutQueue;
  readonly fanout: Fanout;
  readonly clock: Clock;
  readonly timers: TimerSet;
  readonly random: () => number;
  /** A generation was applied. */
  acked(id: string, generation: number, ms: number): void;
  /** A generation was refused. */
  nacked(id: string, generation: number, error: ConfigError, final: boolean): void;
  /** The session is done with the newest generation, one way or the other. */
  settled(): void;
}

/** The {@link Session} of a live manager. */
export class LiveSession<T, V> implements Session<T>, Receiver {
  readonly id: string;
  readonly hash: number;
  scheduled = false;
  lastError: ConfigError | undefined;
  lastChange: Change<T> | undefined;
  readonly #options: SessionOptions<T, V>;
  readonly #select: (value: DeepReadonly<T>) => V;
  readonly #equals: (a: V, b: V) => boolean;
  readonly #host: SessionHost<T>;
  readonly #onLeft: (settled: boolean) => void;
  readonly #waits: AckWaits;
  readonly #onAbort = (): void => void this.close();
  #acked: { readonly snapshot: Snapshot<T>; readonly value: V } | undefined;
  #tried = { generation: 0, attempt: 0 };
  #failed = 0;
  #closed = false;
  #giveUp: (() => void) | undefined;
  #cancelRetry: Cancel | undefined;

  constructor(
    options: SessionOptions<T, V>,
    select: (value: DeepReadonly<T>) => V,
    host: SessionHost<T>,
    onLeft: (settled: boolean) => void,
  ) {
    this.id = options.id;
    this.hash = idHash(options.id);
    this.#options = options;
    this.#select = select;
    this.#equals = options.equals ?? isDeepStrictEqual;
    this.#host = host;
    this.#onLeft = onLeft;
    this.#waits = new AckWaits(() => host.timers.hold());
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get acked(): number {
    return this.#acked?.snapshot.generation ?? 0;
  }

  get state(): Session<T>['state'] {
    if (this.#closed) return 'closed';
    if (this.#giveUp !== undefined) return 'applying';
    if (this.scheduled || this.#cancelRetry !== undefined) return 'scheduled';
    return this.#failed !== 0 && this.#failed === this.#host.current?.generation
      ? 'nacked'
      : 'idle';
  }

  get wants(): boolean {
    const generation = this.#host.current?.generation;
    return generation !== undefined && this.#giveUp === undefined && !this.#isDoneWith(generation);
  }

  deliver(): Promise<void> | undefined {
    const { current } = this.#host;
    if (current === undefined || !this.wants) return undefined;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const { generation } = current;
    const attempt = this.#tried.generation === generation ? this.#tried.attempt + 1 : 1;
    this.#tried = { generation, attempt };
    const startedAt = this.#host.clock.now();
    let value: V;
    let answer: unknown;
    const control = new Lazy(() => new AbortController());
    try {
      value = this.#select(current.value);
      if (this.#acked !== undefined && this.#equals(value, this.#acked.value)) {
        this.#ack(current, value, startedAt);
        return undefined;
      }
      answer = this.#options.apply(value, this.#context(current, attempt, control));
    } catch (error) {
      this.#nack(generation, this.#refusal(error));
      return undefined;
    }
    if (!isThenable(answer)) {
      this.#ack(current, value, startedAt);
      return undefined;
    }
    return this.#settle(answer, control, {
      ack: () => this.#ack(current, value, startedAt),
      nack: (error) => this.#nack(generation, error),
    });
  }

  async whenAcked(
    generation: number,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    if (this.acked >= generation) return;
    if (this.#closed) throw closedError();
    await this.#waits.add(generation, options.signal);
  }

  close(): Promise<void> {
    if (!this.#closed) {
      const generation = this.#host.current?.generation;
      const settled = generation !== undefined && this.#isDoneWith(generation);
      this.#closed = true;
      this.#options.signal?.removeEventListener('abort', this.#onAbort);
      this.#cancelRetry?.();
      this.#giveUp?.();
      this.#waits.fail(closedError());
      this.#onLeft(settled);
    }
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #isDoneWith(generation: number): boolean {
    return this.#closed || this.acked === generation || this.#failed === generation;
  }

  #context(current: Snapshot<T>, attempt: number, control: Lazy<AbortController>): ApplyContext<T> {
    const host = this.#host;
    return {
      change: host.changes.between(this.#acked?.snapshot, current),
      generation: current.generation,
      attempt,
      get signal() {
        return control.value.signal;
      },
      superseded: () => host.current !== current,
    };
  }

  /** Waits for an asynchronous answer, but not for ever. */
  #settle(
    answer: PromiseLike<unknown>,
    control: Lazy<AbortController>,
    then: { readonly ack: () => void; readonly nack: (error: ConfigError) => void },
  ): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { ackTimeoutMs } = this.#host.fanout;
    const end = (verdict: () => void): void => {
      if (this.#giveUp !== giveUp) return;
      cancel();
      this.#giveUp = undefined;
      if (!this.#closed) verdict();
      resolve();
      if (this.wants && this.#cancelRetry === undefined) this.#host.queue.enqueue(this);
    };
    const giveUp = (): void => {
      const error = this.#closed
        ? closedError()
        : new ConfigError(`Session ${this.id} did not answer within ${ackTimeoutMs} ms`, {
            code: 'E_ACK_TIMEOUT',
            transient: true,
          });
      control.value.abort(error);
      end(() => then.nack(error));
    };
    const cancel = this.#host.timers.set(ackTimeoutMs, giveUp);
    this.#giveUp = giveUp;
    answer.then(
      () => end(then.ack),
      (error: unknown) => end(() => then.nack(this.#refusal(error))),
    );
    return promise;
  }

  #ack(snapshot: Snapshot<T>, value: V, startedAt: number): void {
    if (this.#closed) return;
    this.lastChange = this.#host.changes.between(this.#acked?.snapshot, snapshot);
    this.#acked = { snapshot, value };
    this.lastError = undefined;
    const { generation } = snapshot;
    this.#host.acked(this.id, generation, this.#host.clock.now() - startedAt);
    this.#waits.acked(generation);
    if (generation === this.#host.current?.generation) this.#host.settled();
  }

  #nack(generation: number, error: ConfigError): void {
    if (this.#closed) return;
    this.lastError = error;
    const { fanout, queue, random, timers } = this.#host;
    const newest = generation === this.#host.current?.generation;
    const final = this.#tried.attempt > fanout.retry.attempts;
    this.#host.nacked(this.id, generation, error, final || !newest);
    if (!newest) return;
    if (final) {
      this.#failed = generation;
      this.#host.settled();
      return;
    }
    const pause = retryDelay(this.#tried.attempt, random(), fanout.retry);
    this.#cancelRetry = timers.set(pause, () => {
      this.#cancelRetry = undefined;
      queue.enqueue(this);
    });
  }

  #refusal(cause: unknown): ConfigError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new ConfigError(`Session ${this.id} refused the configuration: ${why}`, {
      code: 'E_NACK',
      cause,
    });
  }
}

/** A value made when first needed: ten thousand synchronous sessions need no abort controllers. */
class Lazy<V> {
  readonly #make: () => V;
  #made: V | undefined;

  constructor(make: () => V) {
    this.#make = make;
  }

  get value(): V {
    this.#made ??= this.#make();
    return this.#made;
  }
}

/** Whether a callback answered with something to wait for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
