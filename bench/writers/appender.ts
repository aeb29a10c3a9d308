import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { numberedLine } from '../fixtures/numbered-line.ts';
import { sharedNow } from '../harness/clock.ts';
import { seededRandom } from '../harness/random.ts';
import { serveOrders } from '../harness/serve-orders.ts';

/** Append numbered lines to one file. */
interface AppendOrder {
  readonly file: string;
  /** Number of the first line. */
  readonly first: number;
  readonly count: number;
  readonly seed: number;
  /** Shortest and longest pause before a line, in milliseconds. */
  readonly gapMs: readonly [number, number];
}

/** When each line was about to be written, by the shared clock. */
interface AppendAnswer {
  readonly stamps: readonly number[];
}

/** What is said to this writer, and by it. */
export interface AppendDialogue {
  readonly order: AppendOrder;
  readonly answer: AppendAnswer;
}

serveOrders<AppendDialogue>(async (order, answer) => {
  const random = seededRandom(order.seed);
  const [shortest, longest] = order.gapMs;
  const descriptor = openSync(order.file, 'a');
  const stamps: number[] = [];
  for (let index = 0; index < order.count; index += 1) {
    await sleep(shortest + random() * (longest - shortest));
    const line = `${numberedLine(order.first + index)}\n`;
    stamps.push(sharedNow());
    writeSync(descriptor, line);
  }
  closeSync(descriptor);
  answer({ stamps });
});
