import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createWatcher } from '@watchkeeper/backends';
import { PathWatcher } from '@watchkeeper/core';
import type { PathWatcher as Watcher } from '@watchkeeper/core';
import { createManualBackend, createManualClock } from '@watchkeeper/core/testing';
import { messageKey, parseFullSession, parseLineAll } from '@watchkeeper/transcript';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { isSessionFileError } from '../src/watch-error.ts';
import type { WatchHandle, WatchOptions } from '../src/watch-options.ts';
import { stopWatching, watchSession } from '../src/watch-session.ts';
import { line, PATIENCE, Rig } from './watch-rig.ts';

let watcher: Watcher;
let rig: Rig;

beforeEach(() => {
  watcher = createWatcher({ use: 'fs' });
  rig = new Rig(watcher, { debounceMs: 0, maxWaitMs: 0 });
});

afterEach(async () => {
  rig[Symbol.dispose]();
  await watcher.close();
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a call that cannot be served', () => {
  test('throws at once when the file does not exist, and leaves the session free', () => {
    const path = join(rig.directory, 'missing.jsonl');
    const error = thrownBy(() => rig.begin(path));
    expect(isSessionFileError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ENOENT', path, name: 'SessionFileError' });
    expect(String(error)).toContain(path);
    writeFileSync(path, '');
    expect(rig.begin(path).handle.stopped).toBe(false);
  });

  test('throws when the path is a directory', () => {
    const path = join(rig.directory, 'directory.jsonl');
    mkdirSync(path);
    expect(thrownBy(() => rig.begin(path))).toMatchObject({ code: 'ERR_NOT_A_FILE', path });
  });

  test.each([
    ['sessionId', { sessionId: '' }],
    ['filePath', { filePath: '' }],
    ['onMessages', { onMessages: 'print' }],
    ['onError', { onError: 1 }],
    ['provider.parse', { provider: {} }],
    ['debounceMs', { debounceMs: -1 }],
    ['maxWaitMs', { maxWaitMs: Number.NaN }],
  ])('throws a TypeError that names %s', (name, wrong) => {
    const path = rig.file('s');
    const options: WatchOptions = { sessionId: 's', filePath: path, onMessages: () => undefined };
    const act = (): WatchHandle => watchSession(Object.assign({ watcher }, options, wrong));
    expect(act).toThrow(TypeError);
    expect(act).toThrow(new RegExp(`^${name} must be`));
  });

  test('throws a TypeError for a handle that is none', () => {
    const { handle } = rig.begin(rig.file('s'));
    expect(() => stopWatching({ ...handle })).toThrow(TypeError);
  });
});

describe('where a watch begins', () => {
  test('at the end, unless told otherwise', async () => {
    const path = rig.file('s', line('old'));
    const { handle, seen } = await rig.watch(path);
    expect(handle).toMatchObject({ byteOffset: line('old').length, lineIndex: 0, stopped: false });
    appendFileSync(path, line('new'));
    await seen.have(1);
    expect(seen.messages).toMatchObject([{ text: 'new', lineIndex: 0 }]);
    expect(handle.lineIndex).toBe(1);
  });

  test('at the start of an unfinished last line, so that a snapshot and the watch miss nothing', async () => {
    const half = line('unfinished').slice(0, 30);
    const path = rig.file('s', line('whole') + half);
    const snapshot = parseFullSession(readFileSync(path, 'utf8'));
    const { handle, seen } = await rig.watch(path);
    expect(handle.byteOffset).toBe(snapshot.committedBytes);
    appendFileSync(path, line('unfinished').slice(30));
    await seen.have(1);
    expect([...snapshot.messages, ...seen.messages].map((message) => messageKey(message))).toEqual([
      'uuid-whole',
      'uuid-unfinished',
    ]);
  });

  test('at the start, and tells of each line what a whole parse tells', async () => {
    const lines = [
      line('1'),
      '\n',
      '\0\0\0\n',
      'not json\n',
      `\0\0${line('2')}`,
      '[]\n',
      line('3'),
    ];
    const path = rig.file('s', lines.join(''));
    const { seen } = await rig.watch(path, { from: 'start' });
    const { messages } = parseFullSession(readFileSync(path, 'utf8'));
    expect(messages.map(({ kind }) => kind)).toContain('malformed');
    await seen.have(messages.length);
    expect(seen.messages).toEqual(messages);
  });

  test('at the start, and delivers after the call has returned', async () => {
    const path = rig.file('s', line('old'));
    const { seen } = rig.begin(path, { from: 'start' });
    expect(seen.batches).toEqual([]);
    await seen.have(1);
    expect(seen.gist).toEqual(['old']);
  });

  test('at a cursor, with nothing lost and nothing doubled', async () => {
    const path = rig.file('s', line('1') + line('2'));
    const first = await rig.watch(path, { from: 'start' });
    await first.seen.have(2);
    stopWatching(first.handle);
    const [batch] = first.seen.batches;
    if (batch === undefined) throw new Error('expected a batch');
    appendFileSync(path, line('3'));
    const second = await rig.watch(path, { from: structuredClone(batch.cursor) });
    expect(second.handle).not.toBe(first.handle);
    appendFileSync(path, line('4'));
    await second.seen.have(2);
    expect(second.seen.messages).toMatchObject([
      { text: '3', lineIndex: 2 },
      { text: '4', lineIndex: 3 },
    ]);
  });
});

describe('stopping', () => {
  test('is idempotent, and frees the session for a new watch', async () => {
    const path = rig.file('s');
    const { handle, seen } = await rig.watch(path);
    stopWatching(handle);
    stopWatching(handle);
    expect(handle.stopped).toBe(true);
    const next = await rig.watch(path);
    expect(next.handle).not.toBe(handle);
    stopWatching(handle);
    expect(next.handle.stopped).toBe(false);
    appendFileSync(path, line('new'));
    await next.seen.have(1);
    expect(seen.batches).toEqual([]);
  });

  test('before the watch is ready delivers what is there, and resolves ready', async () => {
    const path = rig.file('s');
    const { handle, seen } = rig.begin(path);
    appendFileSync(path, line('early'));
    stopWatching(handle);
    expect(seen.gist).toEqual(['early']);
    await expect(handle.ready).resolves.toBeUndefined();
    await expect.poll(() => watcher.stats().watches, PATIENCE).toBe(0);
  });

  test('from inside onMessages lets nothing else begin', async () => {
    const path = rig.file('s');
    const gist: number[] = [];
    const { handle } = await rig.watch(path, {
      onMessages: ({ messages }) => {
        gist.push(messages.length);
        stopWatching(handle);
      },
    });
    appendFileSync(path, line('1'));
    await expect.poll(() => gist.length, PATIENCE).toBe(1);
    appendFileSync(path, line('2'));
    await rig.pass();
    expect(gist).toEqual([1]);
  });
});

describe('what goes wrong', () => {
  test('in the parser is a PARSE_ERROR; the line is skipped and counted', async () => {
    const path = rig.file('s');
    const { handle, seen } = await rig.watch(path, {
      provider: {
        parse: (text, pos) => {
          if (String(text).includes('bad')) throw new RangeError('no such line');
          return parseLineAll(text, pos);
        },
      },
    });
    appendFileSync(path, line('good') + line('bad') + line('better'));
    await seen.have(2);
    expect(seen.errors).toMatchObject([{ sessionId: path, code: 'PARSE_ERROR' }]);
    expect(seen.errors[0]?.cause).toBeInstanceOf(RangeError);
    expect(seen.messages).toMatchObject([
      { text: 'good', lineIndex: 0 },
      { text: 'better', lineIndex: 2 },
    ]);
    expect(handle.stopped).toBe(false);
  });

  test.each([
    [
      'throws',
      (): void => {
        throw new Error('full');
      },
    ],
    ['rejects', (): Promise<void> => Promise.reject(new Error('full'))],
  ])('in onMessages, when it %s, is a PARSE_ERROR, and the next batch comes', async (_, fail) => {
    const path = rig.file('s');
    const calls: number[] = [];
    const { seen } = await rig.watch(path, {
      onMessages: ({ messages }) => {
        calls.push(messages.length);
        return fail();
      },
    });
    appendFileSync(path, line('1'));
    await expect.poll(() => seen.errors.length, PATIENCE).toBe(1);
    expect(seen.errors[0]).toMatchObject({ code: 'PARSE_ERROR', cause: { message: 'full' } });
    expect(seen.errors[0]?.message).toMatch(/^onMessages failed: full; its batch counts as deliv/u);
    expect(seen.errors[0]?.message).not.toContain('onBatch');
    appendFileSync(path, line('2'));
    await expect.poll(() => calls.length, PATIENCE).toBe(2);
  });

  test('with a line that is too long is a PARSE_ERROR, and its neighbours come', async () => {
    const path = rig.file('s');
    const { seen } = await rig.watch(path);
    appendFileSync(path, `${line('1')}${'x'.repeat(32 * 1024 * 1024 + 1)}\n${line('2')}`);
    await seen.have(2);
    expect(seen.gist).toEqual(['1', '2']);
    expect(seen.errors).toMatchObject([{ code: 'PARSE_ERROR' }]);
  });

  test('with watching for good is a WATCH_ERROR after the last message; the session is free again', async () => {
    const path = rig.file('s');
    const clock = createManualClock();
    const { handle, seen } = await rig.watch(path, { clock });
    appendFileSync(path, line('last'));
    await watcher.close();
    // A watch that ended is opened again after a pause; only then it is known to be over.
    const lastCode = async (): Promise<string | undefined> => {
      await clock.advance(1000);
      return seen.errors.at(-1)?.code;
    };
    await expect.poll(lastCode, PATIENCE).toBe('WATCH_ERROR');
    expect(seen.errors.filter(({ code }) => code === 'WATCH_ERROR')).toHaveLength(1);
    expect(seen.gist).toEqual(['last']);
    expect(handle.stopped).toBe(true);
    await using fresh = createWatcher({ use: 'fs' });
    const next = await rig.watch(path, { watcher: fresh });
    expect(next.handle).not.toBe(handle);
    stopWatching(next.handle);
  });

  test('from the start is a WATCH_ERROR and a rejected ready', async () => {
    const backend = createManualBackend();
    await using closed = new PathWatcher({ backends: [backend] });
    await closed.close();
    const path = rig.file('s');
    const { handle, seen } = rig.begin(path, { watcher: closed });
    await expect(handle.ready).rejects.toThrow(/^Watching .* failed/);
    await expect.poll(() => seen.errors.length, PATIENCE).toBe(1);
    expect(seen.errors[0]?.code).toBe('WATCH_ERROR');
    expect(handle.stopped).toBe(true);
  });
});

test('a promise of onMessages holds the next batch back', async () => {
  const path = rig.file('s');
  const started: number[] = [];
  const gate = Promise.withResolvers<void>();
  const { handle } = await rig.watch(path, {
    onMessages: async ({ byteRange }) => {
      started.push(byteRange.start);
      await gate.promise;
    },
  });
  appendFileSync(path, line('1'));
  await expect.poll(() => started.length, PATIENCE).toBe(1);
  appendFileSync(path, line('2'));
  await rig.pass();
  expect(started).toEqual([0]);
  gate.resolve();
  await expect.poll(() => started.length, PATIENCE).toBe(2);
  expect(handle.stopped).toBe(false);
});
