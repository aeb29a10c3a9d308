import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { EVENT_BACKENDS } from './support/backends.ts';
import { obstacle } from './support/namespace.ts';
import { makeDirectories, makePlace } from './support/place.ts';
import { expectTold, WatchingChild } from './support/watching-child.ts';
import { PATIENCE_MS, TEST_MS } from './support/patience.ts';

vi.setConfig({ testTimeout: TEST_MS });

const limits = { max_inotify_watches: 30 };
const missing = obstacle({ limits });

describe('a limit that later directories reach', () => {
  it.for(EVENT_BACKENDS)(
    '%s: degraded, told in few words, and every change is told',
    async (backend, { skip }) => {
      if (missing !== null) skip(missing);
      const path = makePlace();
      makeDirectories(path, 'd', 10);
      const child = new WatchingChild({ limits });
      const config = { use: backend };
      expect(await child.ask('open', { path, config })).toMatchObject({ isReady: true });
      const later = makeDirectories(path, 'later', 40);
      const problems = async (): Promise<unknown> => (await child.ask('status')).problems;
      const limit = { code: 'ERR_WATCH_LIMIT_WATCHES', effect: 'partial' };
      await expect
        .poll(problems, { timeout: PATIENCE_MS })
        .toContainEqual(expect.objectContaining(limit));
      for (const directory of later) writeFileSync(join(directory, 'f'), 'new\n');
      await expectTold(child);
      for (const directory of later) appendFileSync(join(directory, 'f'), 'more\n');
      await expectTold(child);
      const status = await child.ask('status');
      expect(status).toMatchObject({ state: 'degraded', contradictions: [] });
      expect(status.problems.length).toBeLessThan(later.length / 2);
    },
  );
});
