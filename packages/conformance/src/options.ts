import type { Place } from '@watchkeeper/core';

/** Longest wait for something that must happen: far beyond any backend, so that only a hang reaches it. */
export const DEADLINE_MS = 15_000;

/** Longest a single case may take, cleaning included. */
export const CASE_TIMEOUT_MS = 60_000;

/** How another process or thread makes the backend. */
export interface BackendModule {
  /** What it imports: a `file:` URL, or a package that resolves from the working directory. */
  readonly specifier: string;
  /** The name of the factory in that module. */
  readonly exportName: string;
  /** What the factory is called with; must survive JSON. @defaultValue nothing */
  readonly arguments?: readonly unknown[];
}

/** Options of {@link backendConformance}. */
export interface ConformanceOptions {
  /**
   * Cases the backend is known not to pass, by name, each with the reason. They are reported as
   * skipped with that reason. A name that no case has throws.
   *
   * @defaultValue none
   */
  readonly relax?: Readonly<Record<string, string>>;
  /**
   * How a child process makes the backend. Without it, the cases that need a process of their own are
   * skipped: whether a watch lets a process end, and survives that it is made to.
   */
  readonly module?: BackendModule;
  /**
   * Facts of the place the temporary directories are on, where they differ from what is assumed: this
   * platform, a local file system of unknown type that heeds case.
   */
  readonly place?: Partial<Omit<Place, 'path'>>;
  /** Directory for temporary trees. @defaultValue the system's directory for temporary files */
  readonly directory?: string;
  /**
   * Programs of the random differential test, a seed each from 1. The environment variables of
   * `testSeeds` go before it.
   *
   * @defaultValue `300`
   */
  readonly seeds?: number;
  /** Longest wait for a touch, in milliseconds. @defaultValue `15000` */
  readonly deadlineMs?: number;
}
