import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { sharedNow } from '../harness/clock.ts';
import { serveOrders } from '../harness/serve-orders.ts';

/** Write some files all the time, and each of others once. */
interface HotAndColdOrder {
  readonly hot: readonly string[];
  /** Time between two writes of one hot file. */
  readonly everyMs: number;
  /** Written once each, evenly over the duration. */
  readonly cold: readonly string[];
  readonly durationMs: number;
}

/** When each cold file was about to be written, by the shared clock, in their order. */
interface HotAndColdAnswer {
  readonly stamps: readonly number[];
}

/** Time between two rounds of writes. */
const TICK_MS = 10;

function append(file: string): void {
  const descriptor = openSync(file, 'a');
  writeSync(descriptor, '\n');
  closeSync(descriptor);
}

/** What is said to this writer, and by it. */
export interface HotAndColdDialogue {
  readonly order: HotAndColdOrder;
  readonly answer: HotAndColdAnswer;
}

serveOrders<HotAndColdDialogue>(async (order, answer) => {
  const { hot, everyMs, cold, durationMs } = order;
  const start = performance.now();
  const stamps: number[] = [];
  let hotWritten = 0;
  for (let elapsed = 0; elapsed < durationMs; elapsed = performance.now() - start) {
    // By what is due, not by tick: timers are late, the rate must not be.
    const hotDue = Math.floor((elapsed / everyMs) * hot.length);
    for (; hotWritten < hotDue; hotWritten += 1) append(hot[hotWritten % hot.length] ?? '');
    const coldDue = Math.min(cold.length, Math.floor((elapsed / durationMs) * cold.length) + 1);
    while (stamps.length < coldDue) {
      stamps.push(sharedNow());
      append(cold[stamps.length - 1] ?? '');
    }
    await sleep(TICK_MS);
  }
  answer({ stamps });
});
