import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { makePlace } from './support/place.ts';
import { expectTold, WatchingChild } from './support/watching-child.ts';
import { TEST_MS } from './support/patience.ts';

vi.setConfig({ testTimeout: TEST_MS });

const HOOK = join(import.meta.dirname, 'fixtures', 'without-modules.ts');
const code = 'ERR_WATCH_BACKEND_MISSING';

/** A backend, what is not installed, and the command that helps. */
const rows = [
  ['native', '@parcel/watcher', 'npm install @parcel/watcher'],
  [
    'native',
    '@watchkeeper/backend-native',
    'npm install @watchkeeper/backend-native @parcel/watcher',
  ],
  ['chokidar', 'chokidar', 'npm install chokidar@^6'],
  [
    'chokidar',
    '@watchkeeper/backend-chokidar',
    'npm install @watchkeeper/backend-chokidar chokidar',
  ],
  ['watchkeeper-none', 'watchkeeper-none', 'npm install watchkeeper-none'],
] as const;

describe('a backend whose module is not installed', () => {
  it.for(rows)(
    '%s without %s: the command to run is told, and another backend watches',
    async ([use, module, command]) => {
      const path = makePlace();
      const child = new WatchingChild({}, ['--import', HOOK], { WITHOUT_MODULES: module });
      const alone = await child.ask('open', { path, config: { use, fallback: false } });
      expect(alone).toMatchObject({ isReady: false, code, remedy: `run: ${command}` });
      expect(await child.ask('holdings')).toMatchObject({ handles: 0, watches: 0 });

      expect(await child.ask('open', { path, config: { use } })).toMatchObject({ isReady: true });
      writeFileSync(join(path, 'f'), 'new\n');
      await expectTold(child);
      const status = await child.ask('status');
      expect(status).toMatchObject({ state: 'live', backend: 'fs' });
      expect(status.fellBackFrom).toEqual([{ name: use, code }]);
      expect(status.problems).toMatchObject([{ code, effect: 'noted', remedy: `run: ${command}` }]);
    },
  );
});
