import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createSqliteStore } from '@watchkeeper/session';
import { sessionStoreConformance } from '@watchkeeper/session/testing';
import { describe, it } from 'vitest';

sessionStoreConformance({ describe, it }, 'sqlite file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'watchkeeper-store-'));
  const path = join(directory, 'sessions.db');
  const store = createSqliteStore({ path });
  return {
    store,
    another: async () => createSqliteStore({ path }),
    dispose: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
});

sessionStoreConformance(
  { describe, it },
  'sqlite in memory',
  async () => {
    const store = createSqliteStore({ path: ':memory:' });
    return { store, another: null, dispose: () => store.close() };
  },
  { twoHandles: false },
);
