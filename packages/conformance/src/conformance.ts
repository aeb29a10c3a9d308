import type { WatchBackend } from '@watchkeeper/core';
import { Bench } from './bench.ts';
import { contractCases } from './cases/contract-cases.ts';
import { processCases } from './cases/process/process-cases.ts';
import { watchingCases } from './cases/watching-cases.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { testSeeds } from './differential/seeds.ts';
import { CASE_TIMEOUT_MS, type ConformanceOptions } from './options.ts';
import type { ConformanceRunner, TestContext } from './runner.ts';

/**
 * Defines the tests that every backend passes: the contract of `WatchBackend` itself, and the
 * behaviour of a `PathWatcher` on top of it. What a backend's capabilities do not promise is skipped,
 * with the reason. Each case gets a fresh backend and a fresh directory tree, and afterwards no
 * handle, descriptor, watch or timer may be left.
 *
 * @throws TypeError when `relax` names a case that does not exist.
 *
 * @example
 * ```ts
 * import { backendConformance } from '@watchkeeper/conformance';
 * import { describe, expect, it } from 'vitest';
 * import { createMyBackend } from '../src/index.ts';
 *
 * backendConformance({ describe, it, expect }, createMyBackend);
 * ```
 */
export function backendConformance(
  runner: ConformanceRunner,
  createBackend: () => WatchBackend,
  options: ConformanceOptions = {},
): void {
  assertKnown(options.relax ?? {});
  runner.describe('backend contract', () => {
    for (const entry of contractCases) define(runner, createBackend, options, entry);
  });
  runner.describe('watching through it', () => {
    for (const entry of watchingCases) define(runner, createBackend, options, entry);
  });
  runner.describe('the process it is in', () => {
    for (const entry of processCases) define(runner, createBackend, options, entry);
  });
}

/** The names of all cases, in the order in which they run. */
export function conformanceCaseNames(): readonly string[] {
  return [...contractCases, ...watchingCases, ...processCases].map(({ name }) => name);
}

function define(
  runner: ConformanceRunner,
  createBackend: () => WatchBackend,
  options: ConformanceOptions,
  entry: ConformanceCase,
): void {
  const body = (context: TestContext): Promise<void> => {
    const relaxed = options.relax?.[entry.name];
    if (relaxed === undefined) return runCase(runner, createBackend(), options, entry, context);
    context.skip(relaxed);
    return Promise.resolve();
  };
  const wanted = entry.timeoutMs?.({ seeds: testSeeds(options.seeds) }) ?? 0;
  runner.it(`${entry.name}: ${entry.title}`, body, Math.max(CASE_TIMEOUT_MS, wanted));
}

async function runCase(
  runner: ConformanceRunner,
  backend: WatchBackend,
  options: ConformanceOptions,
  entry: ConformanceCase,
  context: TestContext,
): Promise<void> {
  const probe = await backend.probe();
  if (!probe.usable) throw probe.error;
  const bench = new Bench(backend, runner.expect, options);
  try {
    const applies = entry.applies?.(bench) ?? true;
    if (applies === true) await entry.run(bench);
    else context.skip(applies);
  } finally {
    await bench.dispose();
  }
}

function assertKnown(relax: Readonly<Record<string, string>>): void {
  const known = new Set(conformanceCaseNames());
  const unknown = Object.keys(relax).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new TypeError(
    `backendConformance: option "relax" must name cases of the kit, got ${unknown.join(', ')}`,
  );
}
