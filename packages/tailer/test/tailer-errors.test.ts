import { appendFileSync, mkdirSync, rmSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';

import { describe, expect, it, vi } from 'vitest';

import { isTailError } from '../src/errors.ts';
import { nodeFileIo } from '../src/file-io.ts';
import { RETRY_FIRST_MS } from '../src/retry.ts';
import { REWATCH_MS } from '../src/watch-link.ts';
import { failTimes, faultyIo, systemError } from './support/faulty-io.ts';
import { SignalWatcher, watchError } from './support/signal-watcher.ts';
import { signalledTail } from './support/signalled-tail.ts';
import { tempFile } from './support/temp-dir.ts';
import { turns } from './support/turns.ts';

const AT_ONCE = { debounceMs: 0, maxWaitMs: 0 } as const;

describe('READ_ERROR', () => {
  it.each([
    ['EACCES', 'open'],
    ['EIO', 'read'],
    ['ESTALE', 'read'],
    ['EMFILE', 'open'],
  ] as const)(
    'is told once for an episode of %s, and every line comes once afterwards',
    async (code, call) => {
      const path = tempFile();
      writeFileSync(path, 'a\nb\n');
      const faults = failTimes(
        [code, code, code],
        nodeFileIo[call] as (...args: unknown[]) => number,
      );
      const { io } = faultyIo({ [call]: faults });
      const { errors, items, clock, batches } = await signalledTail(path, {
        ...AT_ONCE,
        io,
        from: 'start',
      });
      expect(batches).toEqual([]);
      await clock.advance(RETRY_FIRST_MS * 7);
      expect(items()).toEqual(['a', 'b']);
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatchObject({ code: 'READ_ERROR', path, terminal: false });
      expect(errors[0]?.cause).toMatchObject({ code });
      expect(errors[0]?.remedy).toBeTypeOf('string');
      expect(isTailError(errors[0])).toBe(true);
    },
  );

  it('is told again for the next episode, and the pauses begin small again', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    let failing = true;
    const { io, calls } = faultyIo({
      read(...args) {
        if (failing) throw systemError('EIO');
        return nodeFileIo.read(...args);
      },
    });
    const { errors, items, clock, touch } = await signalledTail(path, {
      ...AT_ONCE,
      io,
      from: 'start',
      heartbeatMs: 1_000_000,
    });
    await clock.advance(60_000);
    expect(errors).toHaveLength(1);
    // 100, 200, … 6400 ms, then every 10 s: about a dozen attempts in a minute.
    expect(calls.read).toBeLessThan(20);
    failing = false;
    await clock.advance(10_000);
    expect(items()).toEqual(['a']);
    failing = true;
    appendFileSync(path, 'b\n');
    await touch();
    expect(errors).toHaveLength(2);
    failing = false;
    await clock.advance(RETRY_FIRST_MS);
    expect(items()).toEqual(['a', 'b']);
  });

  it('is told when the path is a directory, until it is a file', async () => {
    const path = tempFile();
    mkdirSync(path);
    const { errors, items, clock } = await signalledTail(path, AT_ONCE);
    expect(errors.map((error) => error.code)).toEqual(['READ_ERROR']);
    rmdirSync(path);
    writeFileSync(path, 'a\n');
    await clock.advance(10_000);
    expect(items()).toEqual(['a']);
  });

  it('is not told of a file that is missing: it is waited for', async () => {
    const path = tempFile();
    const { errors, batches, touch, tail } = await signalledTail(path, AT_ONCE);
    await tail.ready;
    writeFileSync(path, 'a\n');
    await touch();
    unlinkSync(path);
    await touch();
    writeFileSync(path, 'b\n');
    await touch();
    expect(errors).toEqual([]);
    expect(
      batches.map(({ items, generation, restarted }) => ({ items, generation, restarted })),
    ).toEqual([
      { items: ['a'], generation: 0, restarted: null },
      { items: ['b'], generation: 1, restarted: 'replaced' },
    ]);
  });
});

describe('WATCH_ERROR', () => {
  it('is data and not terminal for a problem that the watcher deals with', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { errors, watcher, tail, items, touch } = await signalledTail(path, AT_ONCE);
    watcher.latest.problem(watchError('ERR_WATCH_LIMIT_WATCHES'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'WATCH_ERROR', terminal: false });
    appendFileSync(path, 'a\n');
    await touch();
    expect(items()).toEqual(['a']);
    expect(tail.stopped).toBe(false);
  });

  it('is terminal when the path can never be watched: what is there is delivered, then the tail stops', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const watcher = new SignalWatcher();
    watcher.opens = false;
    const { errors, tail, items } = await signalledTail(path, {
      ...AT_ONCE,
      watcher,
      from: 'start',
    });
    watcher.latest.reject(watchError('ERR_WATCH_BACKEND_UNSUPPORTED'));
    await expect(tail.ready).rejects.toMatchObject({ code: 'WATCH_ERROR', terminal: true });
    await tail.closed;
    expect(errors.map(({ code, terminal }) => ({ code, terminal }))).toEqual([
      { code: 'WATCH_ERROR', terminal: true },
    ]);
    expect(tail.stopped).toBe(true);
    expect(items()).toEqual(['a']);
  });

  it('is terminal when the watcher refuses at once, but not before the caller has the tail', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const watcher = new SignalWatcher();
    watcher.refuses = watchError('ERR_WATCH_CLOSED');
    const { errors, tail } = await signalledTail(path, { watcher });
    await tail.closed;
    expect(errors).toHaveLength(1);
    expect(errors[0]?.terminal).toBe(true);
  });

  it('does not end a tail whose watch breaks later: the heartbeat goes on, and it is watched anew', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { errors, watcher, tail, items, clock } = await signalledTail(path, AT_ONCE);
    await tail.ready;
    watcher.latest.fail(watchError('ERR_WATCH_BACKEND_FAILED'));
    expect(errors).toMatchObject([{ code: 'WATCH_ERROR', terminal: false }]);
    appendFileSync(path, 'a\n');
    await clock.advance(1000);
    expect(items()).toEqual(['a']);
    await clock.advance(REWATCH_MS);
    expect(watcher.watches).toHaveLength(2);
    expect(tail.stopped).toBe(false);
  });
});

describe('a consumer that fails', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('consumer');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('consumer');
      },
    ],
  ])('and %s is told as CALLBACK_ERROR; its batch counts as delivered', async (_title, fail) => {
    const path = tempFile();
    writeFileSync(path, '');
    const seen: string[] = [];
    const { errors, touch, tail } = await signalledTail(path, {
      ...AT_ONCE,
      onBatch: (batch) => {
        seen.push(...batch.items);
        return seen.length === 1 ? fail() : undefined;
      },
    });
    appendFileSync(path, 'a\n');
    await touch();
    expect(errors).toMatchObject([
      { code: 'CALLBACK_ERROR', range: { start: 0, end: 2 }, generation: 0 },
    ]);
    expect(tail.byteOffset).toBe(2);
    appendFileSync(path, 'b\n');
    await touch();
    expect(seen).toEqual(['a', 'b']);
  });

  it('in onError does not stop the tail', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const { touch, items } = await signalledTail(path, {
      ...AT_ONCE,
      parse: (line) => JSON.parse(line) as number,
      onError: () => {
        throw new Error('in onError');
      },
    });
    appendFileSync(path, 'bad\n1\n');
    await touch();
    expect(items()).toEqual([1]);
    expect(warned).toHaveBeenCalledOnce();
  });
});

describe('PARSE_ERROR', () => {
  it('carries the range and the cause, and the line keeps its index', async () => {
    const path = tempFile();
    writeFileSync(path, '1\nbad\n3\n');
    const indexes: number[] = [];
    const { errors, items } = await signalledTail(path, {
      ...AT_ONCE,
      from: 'start',
      parse: (line, { lineIndex }) => {
        indexes.push(lineIndex);
        return JSON.parse(line) as number;
      },
    });
    expect(items()).toEqual([1, 3]);
    expect(indexes).toEqual([0, 1, 2]);
    expect(errors).toMatchObject([{ code: 'PARSE_ERROR', range: { start: 2, end: 6 } }]);
    expect(errors[0]?.cause).toBeInstanceOf(SyntaxError);
  });
});

describe('a path', () => {
  it('that is no path is refused', async () => {
    await expect(signalledTail('')).rejects.toThrow(TypeError);
  });

  it('may be deleted with its directory while it is tailed', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const { errors, touch, clock } = await signalledTail(path, AT_ONCE);
    rmSync(path);
    await touch();
    await turns();
    await clock.advance(60_000);
    expect(errors).toEqual([]);
  });
});
