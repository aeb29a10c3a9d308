import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sharedNow } from '../../harness/clock.ts';
import type { Assignment, Figures, FromContestant } from '../../harness/task.ts';
import { until } from '../../harness/until.ts';

/** Longest wait for a partner. */
const PATIENCE_MS = 10_000;

/** Who waits for whom. */
const partners: Readonly<Record<string, string>> = {
  'together one': 'together two',
  'together two': 'together one',
};

/** A contestant that behaves as its name says, and tells when it did what. */
const { contestant, directory, scratch } = JSON.parse(process.argv[2] ?? '') as Assignment;
const tell = (message: FromContestant) => process.send?.(message);

async function turn(): Promise<void> {
  const go = once(process, 'message');
  tell({ type: 'arrived' });
  await go;
}

async function together(): Promise<Figures> {
  await turn();
  if (contestant === 'dies together') process.exit(4);
  const met = sharedNow();
  writeFileSync(join(directory, contestant), '');
  const other = partners[contestant];
  // Ends only when the other is there at the same time.
  if (other !== undefined) await until(() => existsSync(join(directory, other)), PATIENCE_MS);
  const alone = other !== undefined && !existsSync(join(directory, other));
  await turn();
  return { met, alone: Number(alone) };
}

const behaviours: Readonly<Record<string, () => void>> = {
  throws: () => tell({ type: 'failed', reason: 'out of watches' }),
  exits: () => process.exit(3),
  hangs: () => process.on('message', () => {}),
};

const behaviour = behaviours[contestant];
if (behaviour === undefined) {
  const phase = contestant.includes('together') ? await together() : {};
  const began = sharedNow();
  const ended = sharedNow();
  const figures = { ...phase, began, ended, own: Number(existsSync(scratch)) };
  tell({ type: 'done', figures });
  process.disconnect();
} else {
  behaviour();
}
