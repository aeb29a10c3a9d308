import type { SessionStore } from '../store.ts';
import { CHANGE_SCENARIOS } from './change-scenarios.ts';
import { INGEST_SCENARIOS } from './ingest-scenarios.ts';
import { LIST_SCENARIOS } from './list-scenarios.ts';
import { SIGNAL_SCENARIOS } from './signal-scenarios.ts';
import { SOURCE_SCENARIOS } from './source-scenarios.ts';

/** One database that the scenarios may fill. */
export interface StoreUnderTest {
  /** A handle that may write, on an empty database. */
  readonly store: SessionStore;
  /** Opens a further handle on the same database, as another process would; `null` where that cannot be. */
  readonly another: (() => Promise<SessionStore>) | null;
  /** Closes every handle and removes the database. */
  readonly dispose: () => Promise<void>;
}

/** One rule of the store contract, as a test. */
export interface StoreScenario {
  /** The rule, as a sentence. */
  readonly title: string;
  /** Needs {@link StoreUnderTest.another}. */
  readonly twoHandles?: true;
  /** Throws when the rule does not hold. */
  readonly run: (store: SessionStore, another: () => Promise<SessionStore>) => Promise<void>;
}

/** The test runner to register with: `describe` and `it` of vitest, `node:test`, or any other with this shape. */
export interface ScenarioRunner {
  /** Groups tests. */
  readonly describe: (name: string, body: () => void) => void;
  /** Registers one test. */
  readonly it: (title: string, body: () => Promise<void>) => void;
}

const GROUPS: readonly (readonly [string, readonly StoreScenario[]])[] = [
  ['what one transaction writes', INGEST_SCENARIOS],
  ['sources come and go', SOURCE_SCENARIOS],
  ['reading changes', CHANGE_SCENARIOS],
  ['finding sessions', LIST_SCENARIOS],
  ['gate and hints', SIGNAL_SCENARIOS],
];

/**
 * Registers the contract of `SessionStore` as tests: every implementation must pass all of
 * them. Scenarios that need two handles on one database are left out where `another` is `null`.
 *
 * @param runner - where to register
 * @param name - shown in titles
 * @param createStore - makes an empty database for each scenario
 *
 * @example
 * ```ts
 * import { describe, it } from 'vitest';
 * import { createSqliteStore } from '@watchkeeper/session';
 * import { sessionStoreConformance } from '@watchkeeper/session/testing';
 *
 * sessionStoreConformance({ describe, it }, 'sqlite in memory', async () => {
 *   const store = createSqliteStore({ path: ':memory:' });
 *   return { store, another: null, dispose: () => store.close() };
 * });
 * ```
 */
export function sessionStoreConformance(
  runner: ScenarioRunner,
  name: string,
  createStore: () => Promise<StoreUnderTest>,
  options: {
    /** Whether `createStore` offers further handles. @defaultValue `true` */
    readonly twoHandles?: boolean;
  } = {},
): void {
  for (const [group, scenarios] of GROUPS) {
    runner.describe(`${name}: ${group}`, () => {
      for (const scenario of scenarios) {
        if (scenario.twoHandles === true && options.twoHandles === false) continue;
        runner.it(scenario.title, async () => {
          const made = await createStore();
          const further: SessionStore[] = [];
          try {
            await scenario.run(made.store, async () => {
              if (made.another === null)
                throw new TypeError('another: wanted a function, got null');
              const handle = await made.another();
              further.push(handle);
              return handle;
            });
          } finally {
            for (const handle of further) await handle.close();
            await made.dispose();
          }
        });
      }
    });
  }
}
