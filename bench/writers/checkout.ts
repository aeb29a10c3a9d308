import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

import { burstOf, type Burst } from '../fixtures/burst.ts';
import { sharedNow } from '../harness/clock.ts';
import { serveOrders } from '../harness/serve-orders.ts';

/** Switch the tree to another branch, or back to the first one, without effect when it is there. */
type CheckoutOrder =
  | { readonly to: 'other'; readonly root: string; readonly size: number; readonly seed: number }
  | { readonly to: 'first'; readonly root: string };

/** When it began and ended, by the shared clock. */
interface CheckoutAnswer {
  readonly began: number;
  readonly ended: number;
}

/** What is said to this writer, and by it. */
export interface CheckoutDialogue {
  readonly order: CheckoutOrder;
  readonly answer: CheckoutAnswer;
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

/** Next to the tree while it is switched: whoever comes after a contestant that died can switch back. */
function markerOf(root: string): string {
  return `${root}.switched`;
}

function checkOut(order: CheckoutOrder): CheckoutAnswer {
  const marker = markerOf(order.root);
  if (order.to === 'other') {
    const burst = burstOf(order.root, order.size, order.seed);
    writeFileSync(marker, JSON.stringify(burst));
    const began = sharedNow();
    switchToOther(burst);
    return { began, ended: sharedNow() };
  }
  const began = sharedNow();
  if (existsSync(marker)) {
    switchBack(JSON.parse(readFileSync(marker, 'utf8')) as Burst);
    rmSync(marker);
  }
  return { began, ended: sharedNow() };
}

serveOrders<CheckoutDialogue>(async (order, answer) => answer(checkOut(order)));
