import { ConfigError } from './errors.ts';

interface AckWait {
  readonly generation: number;
  readonly end: (error?: ConfigError) => void;
}

/** The callers that wait until a session has applied a generation. */
export class AckWaits {
  readonly #waits = new Set<AckWait>();
  readonly #hold: () => () => void;

  /** `hold` keeps the process alive until the function it returns is called. */
  constructor(hold: () => () => void) {
    this.#hold = hold;
  }

  /** Waits for a generation. */
  add(generation: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const release = this.#hold();
    const abort = (): void =>
      wait.end(
        new ConfigError('Waiting for an acknowledgement was aborted', {
          code: 'E_ABORTED',
          cause: signal?.reason,
        }),
      );
    const wait: AckWait = {
      generation,
      end: (error) => {
        if (!this.#waits.delete(wait)) return;
        signal?.removeEventListener('abort', abort);
        release();
        if (error === undefined) resolve();
        else reject(error);
      },
    };
    this.#waits.add(wait);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    return promise;
  }

  /** Ends the waits that a generation satisfies. */
  acked(generation: number): void {
    for (const wait of this.#waits) if (wait.generation <= generation) wait.end();
  }

  /** Rejects every wait. */
  fail(error: ConfigError): void {
    for (const wait of this.#waits) wait.end(error);
  }
}
