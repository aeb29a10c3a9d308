import { createSessionSync, createSqliteStore } from '@watchkeeper/session';

/** Syncs a root until it is killed. Says `open` when it begins, and `wrote` after its first transaction. */
const [path = '', root = ''] = process.argv.slice(2);
const store = createSqliteStore({ path });
const stop = store.onHint(() => {
  stop();
  process.stdout.write('wrote\n');
});
const sync = createSessionSync({ store, roots: [root], debounceMs: 0, maxWaitMs: 0 });
process.stdout.write('open\n');
await sync.start();
