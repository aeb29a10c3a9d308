import type { Bench } from './bench.ts';

/** The facts that decide whether a case applies. */
export type Applies = (bench: Bench) => true | string;

/** One behaviour that a backend owes. */
export interface ConformanceCase {
  /** Short and unique: the name to relax it by. */
  readonly name: string;
  /** The behaviour as a sentence. */
  readonly title: string;
  /** Where it does not apply: the reason to skip it, or `true` to run it. */
  readonly applies?: Applies;
  /** Longest it may take, in milliseconds, where that follows from the options. @defaultValue `CASE_TIMEOUT_MS` */
  readonly timeoutMs?: (settings: { readonly seeds: readonly number[] }) => number;
  /** Throws when the backend does not behave so. */
  readonly run: (bench: Bench) => Promise<void>;
}
