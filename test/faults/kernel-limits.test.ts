import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { BACKENDS, type BackendUnderTest } from './support/backends.ts';
import { obstacle, type InotifyLimit } from './support/namespace.ts';
import { makeDirectories, makePlace } from './support/place.ts';
import { expectTold, WatchingChild } from './support/watching-child.ts';
import { TEST_MS } from './support/patience.ts';

vi.setConfig({ testTimeout: TEST_MS });

/** Time in which a watch is live or refused, in milliseconds: far above what it takes, far below a hang. */
const OPENING_MS = 5000;
/** Longest time the event loop may stand still meanwhile, in milliseconds: a loaded machine adds to it, a freeze never ends. */
const PAUSE_MS = 5000;

const DIRECTORIES = 80;

const WATCHES = 'max_inotify_watches';
const INSTANCES = 'max_inotify_instances';

const NAMES = {
  [WATCHES]: { code: 'ERR_WATCH_LIMIT_WATCHES', setting: '/proc/sys/user/max_inotify_watches' },
  [INSTANCES]: {
    code: 'ERR_WATCH_LIMIT_INSTANCES',
    setting: '/proc/sys/user/max_inotify_instances',
  },
} as const;

/** A limit that is too low for a backend, and who takes over from those that are refused. */
type RefusedRow = readonly [
  backend: BackendUnderTest,
  limit: InotifyLimit,
  value: number,
  refused: readonly BackendUnderTest[],
  taker: BackendUnderTest,
];

const refusedRows: readonly RefusedRow[] = [
  ['fs', WATCHES, 0, ['fs'], 'poll'],
  ['fs', WATCHES, 1, ['fs'], 'poll'],
  ['fs', WATCHES, 40, ['fs'], 'poll'],
  ['fs', INSTANCES, 0, ['fs'], 'poll'],
  ['native', WATCHES, 0, ['native', 'fs'], 'poll'],
  ['native', WATCHES, 40, ['native', 'fs'], 'poll'],
  ['native', INSTANCES, 0, ['native', 'fs'], 'poll'],
  ['chokidar', WATCHES, 0, ['chokidar', 'fs'], 'poll'],
  ['chokidar', WATCHES, 40, ['chokidar', 'fs'], 'poll'],
  ['chokidar', INSTANCES, 0, ['chokidar', 'fs'], 'poll'],
  // The event loop has the only instance, and the binding's thread wants one of its own.
  ['native', INSTANCES, 1, ['native'], 'fs'],
];

/** A limit that is enough. */
type ServedRow = readonly [backend: BackendUnderTest, limit: InotifyLimit, value: number];

const servedRows: readonly ServedRow[] = [
  ...BACKENDS.map((backend) => [backend, WATCHES, 100] as const),
  ['fs', INSTANCES, 1],
  ['poll', WATCHES, 0],
  ['poll', INSTANCES, 0],
];

const missing = obstacle({ limits: { [WATCHES]: 40 } });
const options = { poll: { intervalMs: 200 } };

function populate(): string {
  const root = makePlace();
  for (const directory of makeDirectories(root, 'd', DIRECTORIES)) {
    writeFileSync(join(directory, 'f'), 'old\n');
  }
  return root;
}

async function expectAllTold(child: WatchingChild, root: string): Promise<void> {
  for (let index = 0; index < DIRECTORIES; index += 1) {
    appendFileSync(join(root, `d${index}`, 'f'), 'more\n');
    writeFileSync(join(root, `d${index}`, 'new'), 'new\n');
  }
  await expectTold(child);
}

describe(`a tree of ${DIRECTORIES} directories under a kernel limit`, () => {
  it.for(refusedRows)(
    '%s with %s=%i: refused by name, and another takes over',
    async ([backend, limit, value, refused, taker], { skip }) => {
      if (missing !== null) skip(missing);
      const { code, setting } = NAMES[limit];
      const path = populate();
      const child = new WatchingChild({ limits: { [limit]: value } });
      await child.ask('longestPauseMs');
      const alone = await child.ask('open', { path, config: { use: backend, fallback: false } });
      expect(alone).toMatchObject({ isReady: false, code });
      expect(alone.remedy).toContain(setting);
      expect(alone.tookMs).toBeLessThan(OPENING_MS);
      expect(await child.ask('longestPauseMs')).toBeLessThan(PAUSE_MS);
      const nothing = { handles: 0, watches: 0 };
      expect(await child.ask('holdings')).toMatchObject(nothing);
      expect((await child.ask('status')).state).toBe('closed');

      const config = { use: backend, options };
      expect(await child.ask('open', { path, config })).toMatchObject({ isReady: true });
      await expectAllTold(child, path);
      const status = await child.ask('status');
      expect(status).toMatchObject({ state: 'live', backend: taker, contradictions: [] });
      expect(status.fellBackFrom).toEqual(refused.map((name) => ({ name, code })));
      expect(status.problems).toMatchObject([{ code, effect: 'noted' }]);
      expect(await child.ask('close')).toMatchObject(nothing);
    },
  );

  it.for(servedRows)(
    '%s with %s=%i: all of it is watched',
    async ([backend, limit, value], { skip }) => {
      if (missing !== null) skip(missing);
      const path = populate();
      const child = new WatchingChild({ limits: { [limit]: value } });
      const config = { use: backend, fallback: false, options };
      expect(await child.ask('open', { path, config })).toMatchObject({ isReady: true });
      await expectAllTold(child, path);
      const told = { state: 'live', problems: [], contradictions: [] };
      expect(await child.ask('status')).toMatchObject(told);
      expect(await child.ask('close')).toMatchObject({ handles: 0, watches: 0 });
    },
  );
});
