import { once } from 'node:events';
import { inspect } from 'node:util';

import { findGroup } from './registry.ts';
import type { Assignment, FromContestant, Task } from './task.ts';

/** Entry of a contestant's process: does one assignment, given as JSON in the first argument, and ends. */
function tell(message: FromContestant): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) reject(new Error('a contestant is started by the bench'));
    else process.send(message, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}

async function turn(): Promise<void> {
  const answer = once(process, 'message');
  await tell({ type: 'arrived' });
  await answer;
}

async function perform(assignment: Assignment): Promise<FromContestant> {
  const group = await findGroup(assignment.group);
  const contestant = group.contestants.find(({ name }) => name === assignment.contestant);
  if (contestant === undefined) {
    throw new Error(`${assignment.group} has no contestant ${assignment.contestant}`);
  }
  const task: Task = {
    ...assignment,
    together: async (phase) => {
      await turn();
      const result = await phase();
      await turn();
      return result;
    },
  };
  const [work, subject] = await Promise.all([group.work(), contestant.load()]);
  return { type: 'done', figures: await work(subject, task) };
}

// A contestant that breaks anywhere, also in a callback, is a row that says so.
process.on('uncaughtException', (error) => {
  const message: FromContestant = { type: 'failed', reason: inspect(error) };
  process.send?.(message, () => process.exit(1));
});
// Without its parent nobody wants the figures.
process.on('disconnect', () => process.exit(1));

await tell(await perform(JSON.parse(process.argv[2] ?? '') as Assignment));
// What a contestant leaves open must not keep the round waiting.
process.exit(0);
