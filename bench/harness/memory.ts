import { setTimeout as sleep } from 'node:timers/promises';

/** Rest before and between collections: finalizers and the allocator's own housekeeping run then. */
const REST_MS = 150;

/** Collections before the memory is read: the second frees what the first one's finalizers let go. */
const COLLECTIONS = 3;

/** Resident memory of this process in MB (10^6 bytes), after garbage was collected. Needs `--expose-gc`. */
export async function settledMemory(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('a contestant needs --expose-gc');
  for (let collection = 0; collection < COLLECTIONS; collection += 1) {
    await sleep(REST_MS);
    globalThis.gc();
  }
  await sleep(REST_MS);
  return process.memoryUsage.rss() / 1e6;
}
