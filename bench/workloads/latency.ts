import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { LINE_BYTES, numberedLine, numberOf } from '../fixtures/numbered-line.ts';
import { sharedNow } from '../harness/clock.ts';
import { percentile } from '../harness/statistics.ts';
import type { FileWatcher, LineFollower } from '../harness/subject.ts';
import type { Work } from '../harness/task.ts';
import { until } from '../harness/until.ts';
import { WriterProcess } from '../harness/writer-process.ts';
import type { AppendDialogue } from '../writers/appender.ts';

/** Appends before those that count: code is compiled, caches are filled, the first look is over. */
const WARM_UP = 60;

/** Appends that count. */
const APPENDS = 500;

/** The same with `--quick`. */
const QUICK_APPENDS = 60;

/** Pause between appends: long enough for whoever is fast to be idle again, short enough for whoever batches to batch. */
const GAP_MS = [2, 8] as const;

/** Longest wait for what was not told yet: every contestant looks by itself within a second. */
const PATIENCE_MS = 5000;

/** Rest after the start, so that what a contestant still does then is not measured. */
const REST_MS = 200;

/** Who takes part: told of a change, or of the line itself. */
export type LatencySubject =
  | ({ readonly hears: 'callback' } & FileWatcher)
  | ({ readonly hears: 'line' } & LineFollower);

/** When lines were first known to be there. */
class Hearing {
  readonly #known: number[] = [];
  readonly #calls: number[] = [];

  /** A callback that does not say how much is there. */
  call(): void {
    this.#calls.push(sharedNow());
  }

  /** Every line up to this one is there. */
  upTo(number: number): void {
    const now = sharedNow();
    for (let line = this.#known.length; line <= number; line += 1) this.#known.push(now);
  }

  /** When line `number`, written at `stamp`, was told; a callback counts for all that was written before it. */
  heard(number: number, stamp: number): number | undefined {
    return this.#known[number] ?? this.#calls.find((time) => time >= stamp);
  }
}

async function listen(
  subject: LatencySubject,
  files: readonly string[],
  hearing: Hearing,
): Promise<void> {
  if (subject.hears === 'line') {
    await subject.follow(files, (line) => hearing.upTo(numberOf(line)));
    return;
  }
  await subject.watchFiles(files, (_, size) => {
    if (size === undefined) hearing.call();
    else hearing.upTo(size / LINE_BYTES - 1);
  });
}

/** Time from an append by another process until it is told; `size` files are watched at the same time, one grows. */
export const work: Work<LatencySubject> = async (subject, { quick, scratch, seed, size }) => {
  const files = Array.from({ length: size }, (_, index) => join(scratch, `f${index}.jsonl`));
  for (const file of files) writeFileSync(file, `${numberedLine(0)}\n`);
  using appender = await WriterProcess.start<AppendDialogue>('appender');
  const hearing = new Hearing();
  await listen(subject, files, hearing);
  await sleep(REST_MS);

  const append = async (first: number, count: number): Promise<(number | undefined)[]> => {
    appender.send({ file: files[0] ?? '', first, count, seed: seed + first, gapMs: GAP_MS });
    const { stamps } = await appender.answer();
    const last = stamps.length - 1;
    await until(() => hearing.heard(first + last, stamps[last] ?? 0) !== undefined, PATIENCE_MS);
    return stamps.map((stamp, index) => {
      const heard = hearing.heard(first + index, stamp);
      return heard === undefined ? undefined : heard - stamp;
    });
  };
  await append(1, WARM_UP);
  const times = await append(1 + WARM_UP, quick ? QUICK_APPENDS : APPENDS);
  const told = times.filter((time) => time !== undefined);
  if (told.length === 0) throw new Error('no append was told');
  return {
    [`${subject.hears}.p50`]: percentile(told, 0.5),
    [`${subject.hears}.p99`]: percentile(told, 0.99),
    lost: times.length - told.length,
  };
};
