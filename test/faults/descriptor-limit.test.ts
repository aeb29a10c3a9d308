import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { BACKENDS, type BackendUnderTest } from './support/backends.ts';
import { obstacle } from './support/namespace.ts';
import { makeDirectories, makePlace } from './support/place.ts';
import { expectTold, WatchingChild } from './support/watching-child.ts';
import { TEST_MS } from './support/patience.ts';

vi.setConfig({ testTimeout: TEST_MS });

const OPENING_MS = 5000;
const PAUSE_MS = 5000;
const DIRECTORIES = 20;
const missing = obstacle({ descriptors: 64 });
const options = { poll: { intervalMs: 200 } };

function populate(): string {
  const root = makePlace();
  for (const directory of makeDirectories(root, 'd', DIRECTORIES)) {
    writeFileSync(join(directory, 'f'), 'old\n');
  }
  return root;
}

function change(root: string): void {
  for (let index = 0; index < DIRECTORIES; index += 1) {
    appendFileSync(join(root, `d${index}`, 'f'), 'more\n');
    writeFileSync(join(root, `d${index}`, 'new'), 'new\n');
  }
}

describe.for(BACKENDS)('%s with few descriptors', (backend) => {
  it('needs no descriptor per directory: 64 are enough for a tree of any size', async ({
    skip,
  }) => {
    if (missing !== null) skip(missing);
    const path = populate();
    makeDirectories(path, 'more', 200);
    const child = new WatchingChild({ descriptors: 64 });
    const config = { use: backend, fallback: false, options };
    expect(await child.ask('open', { path, config })).toMatchObject({ isReady: true });
    change(path);
    await expectTold(child);
    expect(await child.ask('status')).toMatchObject({ state: 'live', problems: [] });
  });
});

const LIMIT = 'ERR_WATCH_LIMIT_FILES';

/** How many descriptors are left when a watch is opened, and whether that is enough; `null` where it depends on the runtime. */
const rows: readonly (readonly [BackendUnderTest, left: number, isEnough: boolean | null])[] = [
  ['fs', 0, false],
  ['fs', 1, true],
  ['poll', 0, false],
  ['poll', 1, true],
  ['chokidar', 1, true],
  ['native', 0, false],
  ['native', 3, null],
  ['native', 4, null],
  ['native', 5, null],
  ['native', 8, true],
];

describe('a process with all but no descriptor left', () => {
  it.for(rows)(
    '%s with %i left: opens or says why, at once',
    async ([backend, left, isEnough], { skip }) => {
      if (missing !== null) skip(missing);
      const path = populate();
      const child = await startWarm();
      await child.ask('leaveDescriptors', left);
      await child.ask('longestPauseMs');
      const config = { use: backend, fallback: false, options };
      const opening = await child.ask('open', { path, config });
      expect(opening.tookMs).toBeLessThan(OPENING_MS);
      expect(await child.ask('longestPauseMs')).toBeLessThan(PAUSE_MS);
      const { problems } = await child.ask('status');
      const codes = new Set(problems.map(({ code }) => code));
      const isServed = opening.isReady && codes.size === 0;
      expect(isServed).toBe(isEnough ?? isServed);
      expect([...codes]).toEqual(isServed ? [] : [LIMIT]);
      for (const { remedy } of problems) expect(remedy).toContain('ulimit -n');
      await child.ask('freeDescriptors');
      expect(await child.ask('close')).toMatchObject({ handles: 0, watches: 0 });
    },
  );

  it.for(BACKENDS)('%s: everything is told once there are more', async (backend, { skip }) => {
    if (missing !== null) skip(missing);
    const path = populate();
    const child = await startWarm();
    await child.ask('leaveDescriptors', 0);
    await child.ask('open', { path, config: { use: backend, options } });
    await child.ask('freeDescriptors');
    expect(await child.ask('read', join(path, 'd0', 'f'))).toBe('old\n');
    change(path);
    await expectTold(child);
    const { contradictions, problems } = await child.ask('status');
    expect(contradictions).toEqual([]);
    expect(problems).toContainEqual(expect.objectContaining({ code: LIMIT }));
  });

  it.for(BACKENDS)('%s: a watch that is open goes on', async (backend, { skip }) => {
    if (missing !== null) skip(missing);
    const path = populate();
    const child = new WatchingChild({ descriptors: 64 });
    const config = { use: backend, options };
    expect(await child.ask('open', { path, config })).toMatchObject({ isReady: true });
    await child.ask('leaveDescriptors', 0);
    change(path);
    makeDirectories(path, 'later', 5);
    writeFileSync(join(path, 'later0', 'f'), 'new\n');
    await expect(child.ask('read', join(path, 'd0', 'f'))).rejects.toThrow('EMFILE');
    await child.ask('freeDescriptors');
    expect(await child.ask('read', join(path, 'd0', 'f'))).toBe('old\nmore\n');
    await expectTold(child);
    expect((await child.ask('status')).contradictions).toEqual([]);
  });
});

/** Starts a process that has imported what a watch needs: that takes descriptors which have nothing to do with watching. */
async function startWarm(): Promise<WatchingChild> {
  const child = new WatchingChild({ descriptors: 64 });
  for (const use of BACKENDS) {
    await child.ask('open', { path: makePlace(), config: { use } });
    await child.ask('close');
  }
  return child;
}
