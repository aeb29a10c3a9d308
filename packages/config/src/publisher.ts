import type { Clock } from '@watchkeeper/core';
import { ChangeBook } from './change.ts';
import type { ReloadResult } from './config-manager.ts';
import { ConfigError } from './errors.ts';
import type { ConfigEvent } from './event.ts';
import { Health } from './health.ts';
import type { Load } from './loader.ts';
import { nextSnapshot } from './publication.ts';
import { closedError } from './reload-loop.ts';
import type { Judgement, LoopOwner } from './reload-loop.ts';
import type { Reason, Snapshot, SourceState } from './snapshot.ts';

/** Turns finished loads into generations and refusals, and says so. */
export class Publisher<T> implements LoopOwner<T, ReloadResult<T>> {
  readonly changes: ChangeBook<T> = new ChangeBook();
  readonly health: Health = new Health();
  readonly #clock: Clock;
  readonly #states: () => readonly SourceState[];
  readonly #emit: (event: ConfigEvent<T>) => void;
  readonly #spread: (snapshot: Snapshot<T>) => void;
  readonly #told = new Map<string, SourceState['state']>();
  #current: Snapshot<T> | undefined;

  constructor(parts: {
    readonly clock: Clock;
    /** What is known of the files. */
    readonly states: () => readonly SourceState[];
    readonly emit: (event: ConfigEvent<T>) => void;
    /** Gives a new generation to those who want it. */
    readonly spread: (snapshot: Snapshot<T>) => void;
  }) {
    this.#clock = parts.clock;
    this.#states = parts.states;
    this.#emit = parts.emit;
    this.#spread = parts.spread;
  }

  /** What is served. */
  get current(): Snapshot<T> | undefined {
    return this.#current;
  }

  judge(load: Load<T>, reason: Reason): Judgement<ReloadResult<T>> {
    const at = this.#clock.wallNow();
    if (!load.ok) return this.#refuse(load.error, at);
    const previous = this.#current;
    let next: Snapshot<T>;
    try {
      next = nextSnapshot(load.value, previous, { at, reason, sources: this.#states() });
    } catch (cause) {
      // Values that a schema made may have accessors that throw.
      const error = new ConfigError('The value the schema made cannot be copied and frozen', {
        code: 'E_SCHEMA',
        cause,
      });
      return this.#refuse(error, at);
    }
    // Nothing is awaited between here and the assignment: readers see the old value or the new one.
    this.#current = next;
    const recovered = this.health.succeeded(at);
    this.#tellSources();
    if (recovered) this.#emit({ type: 'recovered', generation: next.generation });
    if (next === previous) {
      this.health.unchanged++;
      this.#emit({ type: 'unchanged', generation: next.generation });
      return { result: { status: 'unchanged', snapshot: next }, eventful: false };
    }
    this.health.changed++;
    const change = this.changes.between(previous, next);
    this.#emit({ type: 'changed', change });
    this.#spread(next);
    return { result: { status: 'changed', change }, eventful: true };
  }

  unstable(error: ConfigError): ReloadResult<T> {
    this.health.unsettled(error);
    this.#tellSources();
    this.#emit({ type: 'rejected', error });
    return { status: 'rejected', error, snapshot: this.#current };
  }

  standing(): ReloadResult<T> {
    const calmed = this.health.calmed();
    this.#tellSources();
    const { error } = this.health;
    const snapshot = this.#current;
    if (snapshot === undefined || error !== undefined) {
      return { status: 'rejected', error: error ?? closedError(), snapshot };
    }
    if (calmed) this.#emit({ type: 'recovered', generation: snapshot.generation });
    return { status: 'unchanged', snapshot };
  }

  #refuse(error: ConfigError, at: number): Judgement<ReloadResult<T>> {
    this.health.refused(error, at);
    this.#tellSources();
    this.#emit({ type: 'rejected', error });
    return { result: { status: 'rejected', error, snapshot: this.#current }, eventful: true };
  }

  #tellSources(): void {
    for (const source of this.#states()) {
      const before = this.#told.get(source.id) ?? 'ok';
      this.#told.set(source.id, source.state);
      if (before !== source.state) this.#emit({ type: 'source', source });
    }
  }
}
