import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

import type { Burst } from '../fixtures/burst.ts';
import { sharedNow } from '../harness/clock.ts';
import { serveOrders } from '../harness/serve-orders.ts';

/** Switch the tree to the other branch, or back. */
interface CheckoutOrder {
  readonly burst: Burst;
  readonly to: 'other' | 'first';
}

/** When it began and ended, by the shared clock. */
interface CheckoutAnswer {
  readonly began: number;
  readonly ended: number;
}

function switchToOther({ rewritten, removed, addedDirectories, added }: Burst): void {
  for (const file of removed) rmSync(file, { force: true });
  for (const file of rewritten) {
    rmSync(file, { force: true });
    writeFileSync(file, 'export const value = 22;\n');
  }
  for (const directory of addedDirectories) mkdirSync(directory, { recursive: true });
  for (const file of added) writeFileSync(file, 'export const added = 1;\n');
}

function switchBack({ rewritten, removed, addedDirectories, added }: Burst): void {
  for (const file of added) rmSync(file, { force: true });
  for (const directory of addedDirectories) rmSync(directory, { recursive: true, force: true });
  for (const file of [...removed, ...rewritten]) writeFileSync(file, 'export const value = 1;\n');
}

/** What is said to this writer, and by it. */
export interface CheckoutDialogue {
  readonly order: CheckoutOrder;
  readonly answer: CheckoutAnswer;
}

serveOrders<CheckoutDialogue>(async ({ burst, to }, answer) => {
  const began = sharedNow();
  if (to === 'other') switchToOther(burst);
  else switchBack(burst);
  answer({ began, ended: sharedNow() });
});
