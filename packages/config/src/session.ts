import type { ConfigError } from './errors.ts';
import type { DeepReadonly } from './key-path.ts';
import type { Change } from './snapshot.ts';

/** What an `apply` call is told beside the value. */
export interface ApplyContext<T> {
  /** The step from what this session had applied to what it gets. */
  readonly change: Change<T>;
  /** The generation to apply. */
  readonly generation: number;
  /** 1 for the first try of this generation. */
  readonly attempt: number;
  /** Aborted when the session closes or the call takes too long. */
  readonly signal: AbortSignal;
  /** Whether a newer generation exists already: a long `apply` may stop and return. */
  superseded(): boolean;
}

/** Options of {@link ConfigManager.session}. */
export interface SessionOptions<T, V = DeepReadonly<T>> {
  /** Names the session in events and decides its place in the fan-out. Unique among the open sessions of a manager. */
  readonly id: string;
  /** Closes the session. */
  readonly signal?: AbortSignal;
  /** The part of the value this session needs. Must be pure. @defaultValue the whole value */
  readonly select?: (value: DeepReadonly<T>) => V;
  /** Whether two selected values are the same; then a new generation is acknowledged without a call. @defaultValue deep equality */
  readonly equals?: (a: V, b: V) => boolean;
  /**
   * Applies a value. Returning, or resolving, acknowledges it; throwing, or rejecting, refuses it, and
   * it is tried again as `fanout.retry` says. Calls of one session never overlap, unless one outlasts
   * `fanout.ackTimeoutMs`: it is then given up, its signal aborted, its late answer ignored. Generations
   * that appear meanwhile are conflated: only the newest is given next.
   */
  readonly apply: (value: V, context: ApplyContext<T>) => void | Promise<void>;
}

/** One receiver that acknowledges what it applied. */
export interface Session<T> extends AsyncDisposable {
  /** The id it was opened with. */
  readonly id: string;
  /** The last generation applied, or found to make no difference; 0 before the first. */
  readonly acked: number;
  /** `scheduled`: waits for its turn or its next try. `nacked`: failed the newest generation for good. */
  readonly state: 'idle' | 'scheduled' | 'applying' | 'nacked' | 'closed';
  /** Why the last try failed; absent once one succeeded. */
  readonly lastError: ConfigError | undefined;
  /** The last change this session applied. */
  readonly lastChange: Change<T> | undefined;
  /** Resolves once `acked` has reached a generation; keeps the process alive meanwhile. Rejects with `E_CLOSED` or `E_ABORTED`. */
  whenAcked(generation: number, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Ends the session: a running `apply` is aborted and its answer ignored. Idempotent. */
  close(): Promise<void>;
}
