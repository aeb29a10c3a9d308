import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { createSessionSync, createSqliteStore, isStoreError } from '@watchkeeper/session';

/** Syncs a root onto a disk that fills up, frees space, and prints what came of it. */
const [disk = '', root = ''] = process.argv.slice(2);
const path = join(disk, 'sessions.db');
const ballast = join(disk, 'ballast');
const store = createSqliteStore({ path });
writeFileSync(ballast, Buffer.alloc(2 * 1024 * 1024));

const full = Promise.withResolvers<string>();
const sync = createSessionSync({
  store,
  roots: [root],
  onProblem: ({ cause }) => full.resolve(isStoreError(cause) ? cause.code : String(cause)),
});
const started = sync.start();
const problem = await full.promise;

const stored = await store.get('s');
const offset = stored?.version.source?.offset ?? 0;
const window = await store.window('s', { limit: 1, dir: 'desc' });
const last = window[0]?.t === 'put' ? window[0].message.byteRange.end : 0;
rmSync(ballast);
// What is left of the disk still has to hold the whole database.
await started;
await sync.close();
await store.close();

const db = new DatabaseSync(path, { readOnly: true });
const count = db.prepare('SELECT count(*) AS n, count(DISTINCT key) AS d FROM messages').get();
const check = db.prepare('PRAGMA integrity_check').get();
db.close();
process.stdout.write(
  JSON.stringify({
    problem,
    consistentWhenFull: offset === last,
    messages: count?.['n'],
    distinct: count?.['d'],
    integrity: check?.['integrity_check'],
  }),
);
