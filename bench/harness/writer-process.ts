import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import type { Dialogue } from './serve-orders.ts';

/** A process that changes files while a contestant listens: others' writes come from elsewhere, too. */
export class WriterProcess<D extends Dialogue> implements Disposable {
  readonly #child: ChildProcess;
  readonly #answers: D['answer'][] = [];
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();
  #failure: Error | null = null;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (answer: D['answer']) => {
      this.#answers.push(answer);
      this.#wake.resolve();
    });
    child.on('exit', (code) => {
      this.#failure = new Error(`a writer ended by itself with exit code ${code}`);
      this.#wake.resolve();
    });
  }

  /** Starts the writer in a module of `../writers`; resolves when it has said that it is there. */
  static async start<D extends Dialogue>(name: string): Promise<WriterProcess<D>> {
    const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
    const entry = `${import.meta.dirname}/../writers/${name}.${extension}`;
    const child = fork(entry, [], { stdio: ['ignore', 2, 2, 'ipc'] });
    await once(child, 'message');
    return new WriterProcess(child);
  }

  /** Gives an order. */
  send(order: D['order']): void {
    this.#child.send(order);
  }

  /** The next answer. */
  async answer(): Promise<D['answer']> {
    for (;;) {
      const answer = this.#answers.shift();
      if (answer !== undefined) return answer;
      if (this.#failure !== null) throw this.#failure;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
  }

  [Symbol.dispose](): void {
    this.#child.removeAllListeners('exit');
    this.#child.kill('SIGKILL');
  }
}
