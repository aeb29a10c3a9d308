import { createWatcher } from '@watchkeeper/backends';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tail } from '../src/tail-file.ts';
import type { TailError } from '../src/errors.ts';
import { tempFile } from './support/temp-dir.ts';
import { WITHIN, writeLog, type LogRecord } from './support/write-log.ts';

/** Every backend is left and reached. */
const TOUR = ['poll', 'fs', 'native', 'poll', 'native', 'fs'] as const;

const options = { poll: { intervalMs: 50 } };

describe('a tail whose watcher is moved from backend to backend', () => {
  it.each(['append', 'rotate', 'truncate'] as const)(
    'gets every record of a process that does %s, each once and in order',
    async (mode) => {
      const path = tempFile();
      const watcher = createWatcher({ use: 'fs', fallback: false, options });
      onTestFinished(() => watcher.close());
      const records: number[] = [];
      const errors: TailError[] = [];
      const following = tail(path, {
        watcher,
        from: 'start',
        debounceMs: 0,
        maxWaitMs: 0,
        parse: (line) => (JSON.parse(line) as LogRecord).record,
        onBatch: ({ items }) => void records.push(...items),
        onError: (error) => void errors.push(error),
      });
      onTestFinished(() => following.stop());
      await following.ready;
      const halt = new AbortController();
      const count = 1500;
      const written = writeLog(path, count, 7, mode, () => records.length).finally(() =>
        halt.abort(),
      );
      let moves = 0;
      while (!halt.signal.aborted || moves < TOUR.length) {
        await watcher.reconfigure({ use: TOUR[moves % TOUR.length]!, fallback: false, options });
        moves += 1;
      }
      await written;
      await expect.poll(() => records.at(-1), WITHIN).toBe(count - 1);
      expect(records).toEqual(Array.from({ length: count }, (_, record) => record));
      expect(errors).toEqual([]);
    },
  );
});
