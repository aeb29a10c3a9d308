import { expect } from 'vitest';
import type { ConformanceRunner, TestContext } from '../src/runner.ts';

/** What became of a test: nothing to say, why it was skipped, or what it threw. */
export type Outcome = 'passed' | { readonly skipped: string } | { readonly failed: unknown };

type Body = (context: TestContext) => Promise<void>;

/** A test runner that only collects, to test tests. */
export class CollectingRunner implements ConformanceRunner {
  readonly #bodies = new Map<string, Body>();
  readonly expect: ConformanceRunner['expect'] = expect;

  readonly describe = (_: string, body: () => void): void => body();

  readonly it = (name: string, body: Body): void => {
    this.#bodies.set(name.slice(0, name.indexOf(':')), body);
  };

  get names(): readonly string[] {
    return [...this.#bodies.keys()];
  }

  async run(name: string): Promise<Outcome> {
    const body = this.#bodies.get(name);
    if (body === undefined) throw new Error(`No case of this name: ${name}`);
    let skipped: string | null = null;
    try {
      await body({
        skip: (reason = 'no reason') => {
          skipped = reason;
        },
      });
    } catch (error) {
      // That it fails is an outcome.
      return { failed: error };
    }
    return skipped === null ? 'passed' : { skipped };
  }
}
