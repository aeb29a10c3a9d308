import { fork, type ChildProcess } from 'node:child_process';

import type { Assignment, Figures, FromContestant, ToContestant } from './task.ts';

/** How a contestant's process is started. */
export interface Launch {
  /** Module of the process. */
  readonly entry: string;
  readonly execArgv: readonly string[];
  readonly deadlineMs: number;
}

/** How a stretch of a contestant's work ended. */
export type Outcome =
  | { readonly type: 'arrived' }
  | { readonly type: 'done'; readonly figures: Figures }
  | { readonly type: 'failed'; readonly reason: string };

/** One contestant at work, in a process of its own. */
export class ContestantProcess {
  readonly contestant: string;
  readonly #child: ChildProcess;
  readonly #deadline: NodeJS.Timeout;
  #outcome: PromiseWithResolvers<Outcome> = Promise.withResolvers();
  #ended: Outcome | null = null;

  constructor(assignment: Assignment, { entry, execArgv, deadlineMs }: Launch) {
    this.contestant = assignment.contestant;
    this.#child = fork(entry, [JSON.stringify(assignment)], {
      execArgv: [...execArgv],
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    this.#deadline = setTimeout(() => {
      this.#end({ type: 'failed', reason: `not done after ${deadlineMs / 1000} s` });
      this.#child.kill('SIGKILL');
    }, deadlineMs);
    this.#child.on('message', (message: FromContestant) => {
      if (message.type === 'arrived') this.#outcome.resolve(message);
      else this.#end(message);
    });
    this.#child.on('error', (error) => this.#end({ type: 'failed', reason: error.message }));
    this.#child.on('close', (code, signal) =>
      this.#end({ type: 'failed', reason: `ended by ${signal ?? `exit code ${code}`}` }),
    );
  }

  /** How the stretch ends that is under way. */
  outcome(): Promise<Outcome> {
    return this.#outcome.promise;
  }

  /** Lets a contestant that arrived go on; without effect on one that ended. */
  go(): void {
    if (this.#ended !== null) return;
    this.#outcome = Promise.withResolvers();
    const message: ToContestant = { type: 'go' };
    // A contestant that died meanwhile is told by its exit.
    this.#child.send(message, () => {});
  }

  /** Resolves when the process is gone; kills one that is not done. */
  async gone(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    if (this.#ended?.type !== 'done') this.#child.kill('SIGKILL');
    await closed;
  }

  #end(outcome: Outcome): void {
    if (this.#ended !== null) return;
    this.#ended = outcome;
    clearTimeout(this.#deadline);
    this.#outcome.resolve(outcome);
  }
}
