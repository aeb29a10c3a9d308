import { createSessionSync, createSqliteStore } from '@watchkeeper/session';

/** Syncs a root until it is killed. Tells when its first transaction of this life has committed. */
const [path = '', root = ''] = process.argv.slice(2);
const store = createSqliteStore({ path });
const sync = createSessionSync({ store, roots: [root], debounceMs: 0, maxWaitMs: 0 });
process.stdout.write('open\n');
await sync.start();
