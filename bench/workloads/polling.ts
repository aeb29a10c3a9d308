import { setTimeout as sleep } from 'node:timers/promises';

import { filesOf } from '../fixtures/many-files.ts';
import { sharedNow } from '../harness/clock.ts';
import { longestHolds } from '../harness/loop-hold.ts';
import { processorShare } from '../harness/processor-time.ts';
import { pick, seededRandom } from '../harness/random.ts';
import { percentile } from '../harness/statistics.ts';
import type { FileWatcher } from '../harness/subject.ts';
import type { Work } from '../harness/task.ts';
import { until } from '../harness/until.ts';
import { WriterProcess } from '../harness/writer-process.ts';
import type { HotAndColdDialogue } from '../writers/hot-and-cold.ts';

/** The windows, in milliseconds. */
interface Windows {
  /** Nothing changes: several rounds of the slowest cadence. */
  readonly idle: number;
  /** Hot files are written, before anything is measured: adaptive pollers adapt. */
  readonly adapt: number;
  /** The same, CPU measured. */
  readonly busy: number;
  /** The same, holds measured. */
  readonly hold: number;
}

const WINDOWS: Windows = { idle: 8000, adapt: 1000, busy: 3000, hold: 2000 };
const QUICK_WINDOWS: Windows = { idle: 2000, adapt: 300, busy: 1000, hold: 500 };

/** Rest between the set-up and the idle window. */
const REST_MS = 1000;

/** Files that are written all the time, and how often each. */
const HOT = 100;
const HOT_EVERY_MS = 100;

/** Files that are written once each meanwhile. */
const COLD = 50;

/** Longest wait for what was not told: twice the bar. */
const PATIENCE_MS = 10_000;

/** Polls files, first all of them quiet, then some of them hot and others written once. */
export const work: Work<FileWatcher> = async (subject, task) => {
  const { idle, adapt, busy, hold } = task.quick ? QUICK_WINDOWS : WINDOWS;
  const files = filesOf(task.directory, task.size);
  const told = new Map<string, number>();
  await subject.watchFiles(files, (path) => {
    if (!told.has(path)) told.set(path, sharedNow());
  });
  await sleep(REST_MS);
  const idleShare = subject.silent ? 0 : await task.together(() => processorShare(idle));

  using writer = await WriterProcess.start<HotAndColdDialogue>('hot-and-cold');
  const chosen = pick(files, HOT + COLD, seededRandom(task.seed));
  const cold = chosen.slice(0, Math.floor((chosen.length * COLD) / (HOT + COLD)));
  const hot = chosen.slice(cold.length);
  told.clear();
  if (subject.silent) {
    // How long the loop is held where nobody holds it: what the machine adds to everybody.
    writer.send({ hot, everyMs: HOT_EVERY_MS, cold, durationMs: adapt + hold });
    await sleep(adapt);
    return { hold: percentile(await longestHolds(hold), 0.99) };
  }
  writer.send({ hot, everyMs: HOT_EVERY_MS, cold, durationMs: adapt + busy + hold });
  await sleep(adapt);
  const busyShare = await processorShare(busy);
  const holds = await longestHolds(hold);
  const { stamps } = await writer.answer();
  await until(() => cold.every((file) => told.has(file)), PATIENCE_MS);
  const detections = cold.flatMap((file, index) => {
    const at = told.get(file);
    return at === undefined ? [] : [at - (stamps[index] ?? 0)];
  });
  if (detections.length === 0) throw new Error('no change was told');
  return {
    idle: idleShare,
    busy: busyShare,
    hold: percentile(holds, 0.99),
    'detection.p50': percentile(detections, 0.5),
    'detection.p99': percentile(detections, 0.99),
    'detection.max': percentile(detections, 1),
    lost: cold.length - detections.length,
  };
};
