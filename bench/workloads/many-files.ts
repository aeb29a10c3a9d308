import { setTimeout as sleep } from 'node:timers/promises';

import { filesOf } from '../fixtures/many-files.ts';
import { settledMemory } from '../harness/memory.ts';
import { processorShare } from '../harness/processor-time.ts';
import { pick, seededRandom } from '../harness/random.ts';
import type { FileWatcher } from '../harness/subject.ts';
import type { Work } from '../harness/task.ts';
import { until } from '../harness/until.ts';
import { WriterProcess } from '../harness/writer-process.ts';
import type { RandomAppendDialogue } from '../writers/random-appends.ts';

/** Window in which nothing changes. */
const IDLE_MS = 10_000;

/** The same with `--quick`. */
const QUICK_IDLE_MS = 3000;

/** Rest between the set-up and the idle window: what a contestant still does then belongs to its start. */
const REST_MS = 1000;

/** Files that get one append each. */
const APPENDS = 1000;

/** Pause between two appends. */
const GAP_MS = 1;

/** Longest wait for what was not told: twice what the slowest poller needs for a round. */
const PATIENCE_MS = 10_000;

/** Watches files, sits still, then is told of one append to each of some files. */
export const work: Work<FileWatcher> = async (subject, task) => {
  const files = filesOf(task.directory, task.size);
  const told = new Set<string>();
  const start = performance.now();
  await subject.watchFiles(files, (path) => told.add(path));
  const ready = performance.now() - start;
  await sleep(REST_MS);
  const memory = await settledMemory();
  const idle = await task.together(() => processorShare(task.quick ? QUICK_IDLE_MS : IDLE_MS));
  if (subject.silent) return { ready, memory, idle };

  using writer = await WriterProcess.start<RandomAppendDialogue>('random-appends');
  const written = pick(files, APPENDS, seededRandom(task.seed));
  told.clear();
  writer.send({ files: written, gapMs: GAP_MS });
  await writer.answer();
  await until(() => written.every((file) => told.has(file)), PATIENCE_MS);
  return {
    ready,
    memory,
    idle,
    lost: written.filter((file) => !told.has(file)).length,
  };
};
