import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { BACKENDS, type BackendUnderTest } from './support/backends.ts';
import { obstacle } from './support/namespace.ts';
import { makePlace } from './support/place.ts';
import { expectTold, WatchingChild } from './support/watching-child.ts';
import { PATIENCE_MS, TEST_MS } from './support/patience.ts';

vi.setConfig({ testTimeout: TEST_MS });

const missing = obstacle({ unprivileged: true });
const rows = BACKENDS.flatMap((backend) =>
  (['EIO', 'EACCES'] as const).map((errno) => [backend, errno] as const),
);
const modes = [
  ['neither listed nor entered', 0o000],
  ['listed and not entered', 0o444],
] as const;
const closedRows = BACKENDS.flatMap((backend) =>
  modes.flatMap(([title, mode]) =>
    (['before', 'after'] as const).map((moment) => [backend, title, moment, mode] as const),
  ),
);
const CODES = { EIO: 'ERR_WATCH_IO', EACCES: 'ERR_WATCH_PERMISSION' } as const;

function configOf(use: BackendUnderTest): object {
  const events = { rootCheckMs: 200 };
  const options = { poll: { intervalMs: 200 }, fs: events, native: events, chokidar: events };
  return { use, fallback: false, options };
}

function populate(): string {
  const root = makePlace();
  mkdirSync(join(root, 'bad'));
  for (const name of ['bad/f', 'bad/g', 'good']) writeFileSync(join(root, name), 'old\n');
  return root;
}

async function expectToldOfGood(child: WatchingChild, path: string): Promise<void> {
  await child.ask('changes');
  appendFileSync(join(path, 'good'), 'more\n');
  await expect
    .poll(() => child.ask('changes'), { timeout: PATIENCE_MS })
    .toContainEqual('modify good');
}

describe('paths that fail to be read', () => {
  it.for(rows)(
    '%s and %s: one problem, no removal, and all is told when it can be read again',
    async ([backend, errno]) => {
      const path = populate();
      const child = new WatchingChild();
      const opening = await child.ask('open', { path, config: configOf(backend) });
      expect(opening).toMatchObject({ isReady: true });
      await child.ask('break', { path: join(path, 'bad'), errno });
      appendFileSync(join(path, 'bad', 'f'), 'more\n');
      writeFileSync(join(path, 'bad', 'new'), 'new\n');
      const problems = async (): Promise<unknown> => (await child.ask('status')).problems;
      const wanted = { code: CODES[errno], effect: 'partial' };
      await expect
        .poll(problems, { timeout: PATIENCE_MS })
        .toContainEqual(expect.objectContaining(wanted));
      await expectToldOfGood(child, path);
      expect((await child.ask('status')).kinds.remove).toBe(undefined);
      await child.ask('mend');
      await expectTold(child);
      await expect
        .poll(async () => (await child.ask('status')).state, { timeout: PATIENCE_MS })
        .toBe('live');
      const status = await child.ask('status');
      expect(status.contradictions).toEqual([]);
      expect(status.kinds).toMatchObject({ create: 5 });
      expect(status.kinds.remove).toBe(undefined);
    },
  );

  it.for(closedRows)(
    '%s: a directory that can be %s from %s the opening is told as such, and covered once it can',
    async ([backend, , moment, mode], { skip }) => {
      if (missing !== null) skip(missing);
      const path = populate();
      mkdirSync(join(path, 'bad', 'inner'));
      writeFileSync(join(path, 'bad', 'inner', 'f'), 'old\n');
      const close = (): void => chmodSync(join(path, 'bad'), mode);
      if (moment === 'before') close();
      const child = new WatchingChild({ unprivileged: true });
      const opening = await child.ask('open', { path, config: configOf(backend) });
      expect(opening).toMatchObject({ isReady: true });
      if (moment === 'after') close();
      writeFileSync(join(path, 'bad', 'new'), 'new\n');
      const problems = async (): Promise<unknown> => (await child.ask('status')).problems;
      await expect
        .poll(problems, { timeout: PATIENCE_MS })
        .toContainEqual(expect.objectContaining({ code: 'ERR_WATCH_PERMISSION' }));
      await expectToldOfGood(child, path);
      expect((await child.ask('status')).kinds.remove).toBe(undefined);
      chmodSync(join(path, 'bad'), 0o700);
      await expectTold(child);
      await expect
        .poll(async () => (await child.ask('status')).state, { timeout: PATIENCE_MS })
        .toBe('live');
      const { repairs } = await child.ask('status');
      for (const name of ['g', 'inner/f', 'inner/later']) {
        appendFileSync(join(path, 'bad', name), 'more\n');
        await expectTold(child);
      }
      const status = await child.ask('status');
      // The backend told all of it: nothing was left to be found by a comparison.
      expect(status).toMatchObject({ state: 'live', contradictions: [], repairs });
      expect(status.kinds.remove).toBe(undefined);
    },
  );
});
