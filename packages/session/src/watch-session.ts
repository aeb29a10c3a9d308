import { statSync } from 'node:fs';
import type { Stats } from 'node:fs';

import { tail } from '@watchkeeper/tailer';
import type { Tail, TailBatch, TailError, TailOptions } from '@watchkeeper/tailer';
import { claudeCode } from '@watchkeeper/transcript';
import type { ParsedMessage } from '@watchkeeper/transcript';

import { SessionRegistry } from './session-registry.ts';
import { SessionFileError, watchErrorOf } from './watch-error.ts';
import type { WatchError } from './watch-error.ts';
import type { WatchHandle, WatchOptions } from './watch-options.ts';

/** Every watch of this process that has not stopped. */
const registry = new SessionRegistry<LiveSession>();

/**
 * Follows the transcript of a session and delivers its new messages in batches. Synchronous: the handle
 * is active when the call returns, and batches arrive after it.
 *
 * Lines that are no records come as `malformed` messages, not as errors. A session that is active already
 * keeps its watch: the same handle is returned, and the other options given now are not used. The file may
 * vanish, be truncated or replaced later: it is waited for, and read from its start.
 *
 * @throws {@link SessionFileError} when the file does not exist (`ENOENT`: watch it once the agent has
 * written it), cannot be looked at (`EACCES`) or is no file (`ERR_NOT_A_FILE`).
 * @throws `TypeError` for an option of the wrong kind or out of range.
 *
 * @example
 * ```ts
 * import { stopWatching, watchSession } from '@watchkeeper/session';
 *
 * const handle = watchSession({
 *   sessionId: 'abc-123',
 *   filePath: '/home/user/.claude/projects/-home-user-code/abc-123.jsonl',
 *   onMessages: ({ messages }) => console.log(messages.map(({ kind }) => kind)),
 *   onError: (error) => console.error(error.code, error.message),
 * });
 * process.once('SIGINT', () => stopWatching(handle));
 * ```
 */
export function watchSession(options: WatchOptions): WatchHandle {
  checkOptions(options);
  const active = registry.get(options.sessionId);
  if (active !== undefined) return active;
  checkFile(options);
  const session = new LiveSession(options);
  // A watcher that is closed ends the tail before it has begun.
  if (!session.stopped) registry.add(session);
  return session;
}

/**
 * Ends a watch. What was appended before the call is read and delivered before the call returns, then
 * nothing ever again. Called while `onMessages` runs, or while its promise is pending, what is left is
 * delivered once it is done. Idempotent.
 *
 * @throws `TypeError` for a value that is no handle of {@link watchSession}.
 *
 * @example
 * ```ts
 * import { stopWatching, watchSession } from '@watchkeeper/session';
 *
 * const handle = watchSession({ sessionId: 's', filePath: 's.jsonl', onMessages: console.log });
 * stopWatching(handle);
 * console.log(handle.stopped); // true
 * ```
 */
export function stopWatching(handle: WatchHandle): void {
  if (!(handle instanceof LiveSession)) {
    throw new TypeError(`handle must be one that watchSession returned, got ${typeof handle}`);
  }
  handle.stop();
}

/** Ends every watch of this process, each as {@link stopWatching} does. */
export function stopAll(): void {
  for (const session of registry.all()) session.stop();
}

/** The tie of one session to its tail. */
class LiveSession implements WatchHandle {
  readonly sessionId: string;
  readonly filePath: string;
  readonly #options: WatchOptions;
  readonly #tail: Tail<readonly ParsedMessage[]>;

  constructor(options: WatchOptions) {
    this.sessionId = options.sessionId;
    this.filePath = options.filePath;
    this.#options = options;
    this.#tail = tail(options.filePath, this.#tailOptions());
  }

  get byteOffset(): number {
    return this.#tail.byteOffset;
  }

  get lineIndex(): number {
    return this.#tail.lineIndex;
  }

  get stopped(): boolean {
    return this.#tail.stopped;
  }

  get ready(): Promise<void> {
    return this.#tail.ready;
  }

  stop(): void {
    registry.remove(this);
    this.#tail.stop();
  }

  #tailOptions(): TailOptions<readonly ParsedMessage[]> {
    const { from, debounceMs, maxWaitMs, watcher, clock, provider = claudeCode } = this.#options;
    return {
      parse: (line, { lineIndex, start, end }) => {
        const messages = provider.parse(line, { lineIndex, byteRange: { start, end } });
        return messages.length === 0 ? null : messages;
      },
      onBatch: (batch) => this.#deliver(batch),
      onError: (error) => this.#failed(error),
      ...(from !== undefined && { from }),
      ...(debounceMs !== undefined && { debounceMs }),
      ...(maxWaitMs !== undefined && { maxWaitMs }),
      ...(watcher !== undefined && { watcher }),
      ...(clock !== undefined && { clock }),
    };
  }

  #deliver(batch: TailBatch<readonly ParsedMessage[]>): void | Promise<void> {
    const { sessionId } = this;
    const { items, byteRange, cursor } = batch;
    return this.#options.onMessages({ sessionId, messages: items.flat(), byteRange, cursor });
  }

  #failed(failure: TailError): void {
    const problem = watchErrorOf(this.sessionId, failure);
    if (!failure.terminal) {
      this.#options.onError?.(problem);
      return;
    }
    registry.remove(this);
    void this.#reportLast(problem);
  }

  /** The tail still delivers what it has read: the last word comes after the last message. */
  async #reportLast(problem: WatchError): Promise<void> {
    // A tail that fails at once does so before it is known here.
    await Promise.resolve();
    await this.#tail.closed;
    try {
      this.#options.onError?.(problem);
    } catch (cause) {
      // There is no one left to tell but the process.
      process.emitWarning(new Error(`onError of session ${this.sessionId} threw`, { cause }));
    }
  }
}

function checkOptions({ sessionId, filePath, onMessages, onError, provider }: WatchOptions): void {
  requireText('sessionId', sessionId);
  requireText('filePath', filePath);
  requireFunction('onMessages', onMessages);
  if (onError !== undefined) requireFunction('onError', onError);
  if (provider !== undefined) requireFunction('provider.parse', provider.parse);
}

function requireText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(`${name} must be a non-empty string, got ${JSON.stringify(value)}`);
  }
}

function requireFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') {
    throw new TypeError(`${name} must be a function, got ${typeof value}`);
  }
}

function checkFile({ sessionId, filePath: path }: WatchOptions): void {
  let stat: Stats;
  try {
    stat = statSync(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    const message = `Session ${sessionId} cannot be watched: ${path} cannot be found or looked at (${code})`;
    const remedy =
      code === 'ENOENT'
        ? 'watch it once the agent has written it'
        : 'check the path and the rights on its directories';
    throw new SessionFileError(message, { code, path, remedy, cause });
  }
  if (stat.isFile()) return;
  throw new SessionFileError(`Session ${sessionId} cannot be watched: ${path} is no file`, {
    code: 'ERR_NOT_A_FILE',
    path,
    remedy: 'give the path of a transcript',
  });
}
