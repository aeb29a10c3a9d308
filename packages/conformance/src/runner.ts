/** What a case can do with the test that runs it. */
export interface TestContext {
  /** Ends the test as skipped, with a reason that the reporter prints. */
  readonly skip: (reason?: string) => void;
}

/** The assertions the kit uses; vitest's and Jest's `expect` have them. */
export interface Assertion {
  /** Identity, by `Object.is`. */
  toBe(expected: unknown): void;
  /** Deep equality. */
  toEqual(expected: unknown): void;
}

/**
 * The functions of a test runner, passed in so that the kit imports none. vitest's
 * `{ describe, it, expect }` fits as it is.
 */
export interface ConformanceRunner {
  /** Groups tests. */
  readonly describe: (name: string, body: () => void) => void;
  /** Defines a test; `timeoutMs` bounds it. */
  readonly it: (
    name: string,
    body: (context: TestContext) => Promise<void>,
    timeoutMs?: number,
  ) => void;
  /** Starts an assertion; `message` says what was expected. */
  readonly expect: (actual: unknown, message?: string) => Assertion;
}
