import { appendFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { PathWatcher } from '@watchkeeper/core';
import { parseLineAll } from '@watchkeeper/transcript';
import type { ParsedMessage, TranscriptProvider } from '@watchkeeper/transcript';
import { vi } from 'vitest';

import type { WatchError } from '../src/watch-error.ts';
import type { WatchBatch, WatchHandle, WatchOptions } from '../src/watch-options.ts';
import { stopAll, watchSession } from '../src/watch-session.ts';

/** Far longer than anything takes on an idle machine: a busy one must not fail a test. */
export const PATIENCE = { timeout: 15_000, interval: 5 };

/** A prompt as one line of a transcript, newline included. */
export function line(text: string, uuid: string = `uuid-${text}`): string {
  const message = { role: 'user', content: text };
  return `${JSON.stringify({ type: 'user', uuid, sessionId: 's', message })}\n`;
}

/** A prompt as one line of exactly this many bytes. */
export function lineOfBytes(bytes: number, uuid: string): string {
  return line('x'.repeat(bytes - Buffer.byteLength(line('', uuid))), uuid);
}

/** What one watch delivered. */
export class Recorder {
  readonly batches: WatchBatch[] = [];
  readonly errors: WatchError[] = [];
  /** Lines that the parser has seen, delivered or not. */
  parsed = 0;

  readonly onMessages = (batch: WatchBatch): void => {
    this.batches.push(batch);
  };

  readonly onError = (error: WatchError): void => {
    this.errors.push(error);
  };

  /** The usual parser, counted. */
  readonly provider: Pick<TranscriptProvider, 'parse'> = {
    parse: (text, pos) => {
      this.parsed += 1;
      return parseLineAll(text, pos);
    },
  };

  get messages(): readonly ParsedMessage[] {
    return this.batches.flatMap(({ messages }) => messages);
  }

  /** The texts of prompts, and the kinds of other messages. */
  get gist(): readonly string[] {
    return this.messages.map((message) =>
      message.kind === 'user-prompt' ? message.text : message.kind,
    );
  }

  /** Waits until this many messages are here. */
  async have(count: number): Promise<void> {
    await vi.waitUntil(() => this.messages.length >= count, PATIENCE);
  }

  /** Waits until this many lines were parsed. */
  async haveParsed(count: number): Promise<void> {
    await vi.waitUntil(() => this.parsed >= count, PATIENCE);
  }
}

/** A directory of transcripts and the watches on them. */
export class Rig implements Disposable {
  readonly directory: string = realpathSync(mkdtempSync(join(tmpdir(), 'watch-session-')));
  readonly #watcher: PathWatcher;
  readonly #timers: Pick<WatchOptions, 'debounceMs' | 'maxWaitMs'>;
  #sentinels = 0;

  constructor(watcher: PathWatcher, timers: Pick<WatchOptions, 'debounceMs' | 'maxWaitMs'> = {}) {
    this.#watcher = watcher;
    this.#timers = timers;
  }

  /** Makes a transcript. */
  file(name: string, content: string = ''): string {
    const path = join(this.directory, `${name}.jsonl`);
    writeFileSync(path, content);
    return path;
  }

  /** Begins to watch a transcript, by its path. */
  begin(
    filePath: string,
    options: Partial<WatchOptions> = {},
  ): { handle: WatchHandle; seen: Recorder } {
    const seen = new Recorder();
    const { onMessages, onError, provider } = seen;
    const watcher = this.#watcher;
    const base = { sessionId: filePath, filePath, onMessages, onError, provider, watcher };
    const handle = watchSession({ ...base, ...this.#timers, ...options });
    return { handle, seen };
  }

  /** Watches a transcript and waits until every later append will be delivered. */
  async watch(
    filePath: string,
    options: Partial<WatchOptions> = {},
  ): Promise<{ handle: WatchHandle; seen: Recorder }> {
    const watch = this.begin(filePath, options);
    await watch.handle.ready;
    return watch;
  }

  /**
   * Waits until a line that is written now, to another transcript of the same directory, has been
   * delivered: what was written before it would have been delivered as well.
   */
  async pass(): Promise<void> {
    this.#sentinels += 1;
    const filePath = this.file(`sentinel-${this.#sentinels}`);
    const { seen } = await this.watch(filePath);
    appendFileSync(filePath, line('sentinel'));
    await seen.have(1);
  }

  /** Ends every watch and removes the directory. */
  [Symbol.dispose](): void {
    stopAll();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
