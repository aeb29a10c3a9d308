import { mkdtemp, realpath, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PathWatcher } from '@watchkeeper/core';
import { createManualBackend, createManualClock } from '@watchkeeper/core/testing';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createConfig } from '../src/index.ts';
import { nodeConfigFs } from '../src/config-fs.ts';
import type { ConfigFs, ConfigManager, Fingerprint } from '../src/index.ts';

/** What somebody does to the file, or to the manager. */
type Deed =
  | { readonly kind: 'write' | 'replace'; readonly n: number }
  | { readonly kind: 'corrupt'; readonly content: string }
  | { readonly kind: 'truncate' | 'delete' | 'join' | 'leave' | 'reload' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'lose' };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), n: fc.nat(99) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('replace' as const), n: fc.nat(99) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('corrupt' as const),
      content: fc.constantFrom('{"n": 1', '{"n": "x"}', '[]', '\0\0\0\0', '{"n":1,"n":2}', '{}'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('truncate', 'delete', 'join', 'leave', 'reload'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(1200) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const) }) },
);

const schema = z.strictObject({ n: z.number(), check: z.number() }).refine(
  // A torn or mixed value would not add up.
  ({ check, n }) => check === n * 7,
);
type Value = z.infer<typeof schema>;

const good = (n: number): string => JSON.stringify({ n, check: n * 7 });

/** Enough rounds of 100 manual milliseconds for the net, the proof, every retry and the fan-out. */
const ROUNDS = 400;

/** The real file system, with a count of what is under way: the manual clock must not outrun the disk. */
class CountingFs implements ConfigFs {
  pending = 0;

  stat(path: string): Promise<Fingerprint | undefined> {
    return this.#count(nodeConfigFs.stat(path));
  }

  read(path: string, limit: number): Promise<Uint8Array> {
    return this.#count(nodeConfigFs.read(path, limit));
  }

  async #count<V>(work: Promise<V>): Promise<V> {
    this.pending++;
    try {
      return await work;
    } finally {
      this.pending--;
    }
  }
}

async function play(deeds: readonly Deed[], last: number, hinted: boolean): Promise<void> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'watchkeeper-interleavings-')));
  const file = join(directory, 'app.json');
  await writeFile(file, good(1));
  const clock = createManualClock({ wallNow: Date.now() });
  const fs = new CountingFs();
  const backend = createManualBackend();
  const watcher = new PathWatcher({ backends: [backend], clock });
  const config: ConfigManager<Value> = createConfig({
    schema,
    layers: [{ kind: 'file', path: file }],
    clock,
    fs,
    watcher,
    watch: 'eager',
    fanout: { immediateUpTo: 2, retry: { baseMs: 100, maxMs: 400 } },
  });
  const generations: number[] = [];
  const seen = new Map<string, number[]>();
  const written = new Set([1]);
  let joined = 0;
  const fail = { left: 3 };
  // Collected, not thrown: what a session or a listener throws is a refusal, not a verdict of the test.
  const invalid: unknown[] = [];
  const judge = (value: Value): void => {
    if (value.check !== value.n * 7 || !written.has(value.n)) invalid.push(value);
  };
  const open = new Map<string, ReturnType<ConfigManager<Value>['session']>>();
  const join_ = (): void => {
    const id = `s${joined++}`;
    const row: number[] = [];
    seen.set(id, row);
    const session = config.session({
      id,
      apply(value, { generation }): void | Promise<void> {
        judge(value);
        row.push(generation);
        if (fail.left-- > 0) throw new Error('not now');
        return row.length % 2 === 0 ? Promise.resolve() : undefined;
      },
    });
    open.set(id, session);
  };

  try {
    config.subscribe(({ current }) => {
      generations.push(current.generation);
      judge(current.value);
    });
    for (let index = 0; index < 5; index++) join_();
    await pump(200);
    await config.ready;
    for (const each of deeds) {
      await perform(each);
      await pump(each.kind === 'wait' ? each.ms : 0);
    }
    await perform({ kind: 'replace', n: last });
    for (let round = 0; round < ROUNDS && !settled(); round++) await pump(100);
    expect(config.get()).toEqual({ n: last, check: last * 7 });
    expect(invalid).toEqual([]);
    const { generation } = config.snapshot();
    for (const session of open.values()) expect(session.acked).toBe(generation);
    expect(config.status()).toMatchObject({
      state: 'ready',
      sessions: { total: open.size, behind: 0, nacked: 0 },
    });
    expect(generations).toEqual(Array.from({ length: generation - 1 }, (_, index) => index + 2));
    for (const row of seen.values()) expect(row).toEqual(row.toSorted((a, b) => a - b));
  } finally {
    await config.close();
    await watcher.close();
    await rm(directory, { recursive: true, force: true });
  }
  expect(clock.pending).toBe(0);

  function settled(): boolean {
    const { sessions, state } = config.status();
    return state === 'ready' && config.get('n') === last && sessions.behind === 0;
  }

  /** Moves the clock and lets what reads real files keep up. */
  async function pump(ms: number): Promise<void> {
    for (let left = ms; left >= 0; left -= 50) {
      await clock.advance(Math.min(50, left));
      do {
        await new Promise((resolve) => void setImmediate(resolve));
      } while (fs.pending > 0);
    }
  }

  function touch(): void {
    if (hinted) backend.touch(file);
  }

  async function perform(each: Deed): Promise<void> {
    switch (each.kind) {
      case 'write':
        written.add(each.n);
        await writeFile(file, good(each.n));
        return touch();
      case 'replace':
        written.add(each.n);
        await writeFile(join(directory, 'next'), good(each.n));
        await rename(join(directory, 'next'), file);
        return touch();
      case 'corrupt':
        await writeFile(file, each.content);
        return touch();
      case 'truncate':
        await writeFile(file, '');
        return touch();
      case 'delete':
        await unlink(file).catch((error: NodeJS.ErrnoException) => {
          // Deleting twice is no deed.
          if (error.code !== 'ENOENT') throw error;
        });
        return touch();
      case 'join':
        return join_();
      case 'leave': {
        const [id] = open.keys();
        if (id === undefined) return undefined;
        await open.get(id)?.close();
        open.delete(id);
        return undefined;
      }
      case 'reload':
        // It is answered, or the end of the test closes it: either way it is not what is looked at here.
        config
          .reload()
          .catch((error: unknown) => expect(error).toMatchObject({ code: 'E_CLOSED' }));
        return undefined;
      case 'lose':
        return backend.lose();
      case 'wait':
        return undefined;
    }
  }
}

describe('whatever happens to the file, in whatever order', () => {
  test.each([
    ['with hints', true],
    ['when every hint is lost', false],
  ])(
    '%s every session ends on the last good content, and nobody sees an invalid value',
    async (_title, hinted) => {
      const outcome = await fc.check(
        fc.asyncProperty(fc.array(deed, { maxLength: 14 }), fc.nat(99), async (deeds, last) => {
          await play(deeds, last, hinted);
        }),
        { numRuns: 100, interruptAfterTimeLimit: 60_000 },
      );
      expect(outcome.failed && fc.defaultReportMessage(outcome)).toBe(false);
    },
    120_000,
  );
});
