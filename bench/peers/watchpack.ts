import { setTimeout as sleep } from 'node:timers/promises';
import Watchpack from 'watchpack';

import type { FileWatcher, TreeWatcher } from '../harness/subject.ts';

/** It does not say when it is ready; what it knows is asked for this often, as that copies every entry. */
const LOOK_MS = 100;

/** Shortest quiet time before a change of a directory is told. */
const AGGREGATE_MS = 1;

type Instance = InstanceType<typeof Watchpack>;
type Times = ReturnType<Instance['getTimeInfoEntries']>;

function timestampOf(times: Times, path: string): number | undefined {
  const entry = times.get(path);
  return entry !== null && entry !== undefined && 'timestamp' in entry
    ? entry.timestamp
    : undefined;
}

/** Waits until no more entries become known. */
async function scanned(watchpack: Instance): Promise<Times> {
  let times = watchpack.getTimeInfoEntries();
  for (let known = -1; known < times.size;) {
    known = times.size;
    await sleep(LOOK_MS);
    times = watchpack.getTimeInfoEntries();
  }
  return times;
}

/** watchpack, as webpack uses it. */
export const watchpack: FileWatcher & TreeWatcher = {
  watchFiles: async (files, told) => {
    const watchpack = new Watchpack();
    watchpack.on('change', told);
    watchpack.watch({ files, startTime: Date.now() });
    await scanned(watchpack);
  },
  // Of a watched directory it only tells that something below changed; what it was is found by comparing times.
  watchTree: async (root, told) => {
    const watchpack = new Watchpack({ aggregateTimeout: AGGREGATE_MS });
    watchpack.watch({ directories: [root], startTime: Date.now() });
    let known = await scanned(watchpack);
    watchpack.on('aggregated', () => {
      const times = watchpack.getTimeInfoEntries();
      for (const path of times.keys()) {
        if (timestampOf(times, path) !== timestampOf(known, path)) told(path);
      }
      for (const path of known.keys()) if (!times.has(path)) told(path);
      known = times;
      // What is told once is told again only after a new call.
      watchpack.watch({ directories: [root] });
    });
  },
};
