import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { serveOrders } from '../harness/serve-orders.ts';

/** Append a line to each of these files, one after the other. */
interface RandomAppendOrder {
  readonly files: readonly string[];
  readonly gapMs: number;
}

const LINE = `${JSON.stringify({ text: 'y'.repeat(100) })}\n`;

/** What is said to this writer, and by it. */
export interface RandomAppendDialogue {
  readonly order: RandomAppendOrder;
  readonly answer: 'done';
}

serveOrders<RandomAppendDialogue>(async ({ files, gapMs }, answer) => {
  for (const file of files) {
    appendFileSync(file, LINE);
    await sleep(gapMs);
  }
  answer('done');
});
