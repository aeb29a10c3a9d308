import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { ContestantProcess, type Launch, type Outcome } from './contestant-process.ts';
import type { Assignment } from './task.ts';

/** What one contestant did in a round. */
export interface Performance {
  readonly contestant: string;
  readonly outcome: Exclude<Outcome, { readonly type: 'arrived' }>;
  readonly seconds: number;
}

/** A contestant and the time it was given for itself. */
interface Turn {
  readonly process: ContestantProcess;
  outcome: Outcome;
  seconds: number;
}

/** Waits for a stretch of one contestant while nobody else is at work. */
async function alone(turn: Turn, start: () => void): Promise<void> {
  const began = performance.now();
  start();
  turn.outcome = await turn.process.outcome();
  turn.seconds += (performance.now() - began) / 1000;
}

/**
 * Lets every contestant do the same assignment, one after the other, each in a process of its own.
 * Where they ask for a phase together, each waits until the others have come as far.
 */
export async function runRound(
  contestants: readonly string[],
  assignment: Omit<Assignment, 'contestant' | 'scratch'>,
  launch: Launch,
  onDone: (performance: Performance) => void,
): Promise<Performance[]> {
  const scratches: string[] = [];
  const turns: Turn[] = [];
  const done: Performance[] = [];
  const note = async (turn: Turn): Promise<void> => {
    const { outcome, process, seconds } = turn;
    if (outcome.type === 'arrived') return;
    await process.gone();
    const performance = { contestant: process.contestant, outcome, seconds };
    done.push(performance);
    onDone(performance);
  };
  const waiting = (): Turn[] => turns.filter(({ outcome }) => outcome.type === 'arrived');
  try {
    for (const contestant of contestants) {
      const scratch = mkdtempSync(join(assignment.directory, '..', 'scratch-'));
      scratches.push(scratch);
      const process = new ContestantProcess({ ...assignment, contestant, scratch }, launch);
      const turn: Turn = { process, outcome: { type: 'arrived' }, seconds: 0 };
      await alone(turn, () => {});
      turns.push(turn);
      await note(turn);
    }
    while (waiting().length > 0) {
      const together = waiting();
      for (const { process } of together) process.go();
      await Promise.all(
        together.map(async (turn) => {
          turn.outcome = await turn.process.outcome();
        }),
      );
      for (const turn of together) {
        if (turn.outcome.type === 'arrived') await alone(turn, () => turn.process.go());
        await note(turn);
      }
    }
    return done;
  } finally {
    await Promise.all(turns.map(({ process }) => process.gone()));
    for (const scratch of scratches) rmSync(scratch, { recursive: true, force: true });
  }
}
