import { appendFileSync, writeFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { QUIET_HEARTBEAT_MS } from '../src/read-loop.ts';
import type { TailBatch } from '../src/tail.ts';
import { faultyIo } from './support/faulty-io.ts';
import { SignalWatcher } from './support/signal-watcher.ts';
import { signalledTail } from './support/signalled-tail.ts';
import { tempFile } from './support/temp-dir.ts';
import { turns } from './support/turns.ts';

const AT_ONCE = { debounceMs: 0, maxWaitMs: 0 } as const;

describe('a busy consumer', () => {
  it('gets one batch at a time, in order, and holds reading back', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const gates: PromiseWithResolvers<void>[] = [];
    const seen: TailBatch<string>[] = [];
    const { io, calls } = faultyIo({});
    const { touch, tail } = await signalledTail(path, {
      ...AT_ONCE,
      io,
      onBatch: (batch) => {
        seen.push(batch);
        const gate = Promise.withResolvers<void>();
        gates.push(gate);
        return gate.promise;
      },
    });
    appendFileSync(path, '1\n');
    await touch();
    const reads = calls.read;
    for (const line of ['2\n', '3\n', '4\n']) {
      appendFileSync(path, line);
      await touch();
    }
    expect(seen).toHaveLength(1);
    expect(calls.read).toBe(reads);
    expect(tail.byteOffset).toBe(0);
    expect(tail.cursor().offset).toBe(0);
    gates[0]?.resolve();
    await turns();
    expect(tail.byteOffset).toBe(2);
    expect(seen.map((batch) => batch.items)).toEqual([['1'], ['2', '3', '4']]);
    gates[1]?.resolve();
    await turns();
    expect(tail.byteOffset).toBe(8);
  });

  it('never makes the tail hold more than one piece of a backlog', async () => {
    const path = tempFile();
    const line = `${'x'.repeat(1023)}\n`;
    writeFileSync(path, line.repeat(8192));
    const { io, calls } = faultyIo({});
    const never = Promise.withResolvers<void>();
    const batches: TailBatch<string>[] = [];
    const { tail, clock } = await signalledTail(path, {
      io,
      from: 'start',
      onBatch: (batch) => {
        batches.push(batch);
        return never.promise;
      },
    });
    await turns(50);
    await clock.advance(60_000);
    expect(batches).toHaveLength(1);
    expect(calls.read).toBeLessThanOrEqual(5);
    tail.stop();
    expect(tail.stopped).toBe(true);
    never.resolve();
    await tail.closed;
  });
});

describe('iteration', () => {
  it('gives batches in order, holds reading back between them, and ends when the tail stops', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { tail, touch } = await signalledTail(path, { ...AT_ONCE, iterated: true });
    for (const line of ['a\n', 'b\n', 'c\n']) {
      appendFileSync(path, line);
      await touch();
    }
    const seen: (readonly string[])[] = [];
    const offsets: number[] = [];
    for await (const batch of tail) {
      seen.push(batch.items);
      offsets.push(tail.byteOffset);
      if (seen.length === 2) {
        appendFileSync(path, 'd\n');
        tail.stop();
      }
    }
    expect(seen).toEqual([['a'], ['b', 'c'], ['d']]);
    expect(offsets).toEqual([2, 6, 8]);
    await tail.closed;
  });

  it('waits for batches that are not there yet', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { tail, touch } = await signalledTail(path, { ...AT_ONCE, iterated: true });
    const iterator = tail[Symbol.asyncIterator]();
    const [first, second] = [iterator.next(), iterator.next()];
    appendFileSync(path, 'a\n');
    await touch();
    appendFileSync(path, 'b\n');
    await touch();
    await expect(first).resolves.toMatchObject({ done: false, value: { items: ['a'] } });
    await expect(second).resolves.toMatchObject({ done: false, value: { items: ['b'] } });
    const last = iterator.next();
    tail.stop();
    await expect(last).resolves.toEqual({ done: true, value: undefined });
    await expect(iterator.next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('stops the tail when a loop is left', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\n');
    const { tail } = await signalledTail(path, { ...AT_ONCE, iterated: true, from: 'start' });
    for await (const batch of tail) {
      expect(batch.items).toEqual(['a', 'b']);
      break;
    }
    expect(tail.stopped).toBe(true);
    await tail.closed;
  });

  it('ends with the error when the path can never be watched, after what is there', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const watcher = new SignalWatcher();
    watcher.opens = false;
    const { tail } = await signalledTail(path, {
      ...AT_ONCE,
      watcher,
      iterated: true,
      from: 'start',
    });
    watcher.latest.reject(new Error('never') as never);
    const seen: string[] = [];
    const loop = async (): Promise<void> => {
      for await (const batch of tail) seen.push(...batch.items);
    };
    await expect(loop()).rejects.toMatchObject({ code: 'WATCH_ERROR', terminal: true });
    expect(seen).toEqual(['a']);
  });

  it('is refused when there is an onBatch', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { tail } = await signalledTail(path);
    expect(() => tail[Symbol.asyncIterator]()).toThrow(TypeError);
  });
});

describe('the heartbeat', () => {
  it('finds what no signal told of', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { clock, items } = await signalledTail(path, AT_ONCE);
    appendFileSync(path, 'a\n');
    await clock.advance(1000);
    expect(items()).toEqual(['a']);
  });

  it.each([
    ['on-close' as const, 1000],
    ['prompt' as const, QUIET_HEARTBEAT_MS],
  ])('of a quiet file with %s signals comes within %d ms', async (appends, withinMs) => {
    const path = tempFile();
    writeFileSync(path, '');
    const watcher = new SignalWatcher();
    watcher.appends = appends;
    const { io, calls } = faultyIo({});
    const { clock, items } = await signalledTail(path, { ...AT_ONCE, watcher, io });
    await clock.advance(600_000);
    const looks = calls.stat;
    await clock.advance(60_000);
    expect(calls.stat - looks).toBe(60_000 / withinMs);
    appendFileSync(path, 'a\n');
    await clock.advance(withinMs);
    expect(items()).toEqual(['a']);
  });

  it('is frequent again once the file grows', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { clock, items, touch } = await signalledTail(path, AT_ONCE);
    await clock.advance(600_000);
    appendFileSync(path, 'a\n');
    await touch();
    appendFileSync(path, 'b\n');
    await clock.advance(1000);
    expect(items()).toEqual(['a', 'b']);
  });

  it('reads nothing while nothing changes', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const { io, calls } = faultyIo({});
    const { clock } = await signalledTail(path, { ...AT_ONCE, io });
    await clock.advance(60_000);
    const reads = calls.read;
    await clock.advance(600_000);
    expect(calls.read).toBe(reads);
  });

  it('is one timer for a thousand tails', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const first = await signalledTail(path, { heartbeatMs: 700 });
    const { clock } = first;
    const others = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        writeFileSync(`${path}.${index}`, '');
        return signalledTail(`${path}.${index}`, { clock });
      }),
    );
    expect(clock.pending).toBe(1);
    for (const { tail } of [first, ...others]) tail.stop();
    expect(clock.pending).toBe(0);
  });
});

describe('the watch', () => {
  it('asks for a watch without settle time', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { watcher } = await signalledTail(path);
    expect(watcher.latest).toMatchObject({ path, options: { settleMs: 0, hot: true } });
  });
});

describe('many tails', () => {
  it('take turns: a small file is delivered long before a large one is through', async () => {
    const path = tempFile();
    writeFileSync(path, `${'x'.repeat(1023)}\n`.repeat(16 * 1024));
    writeFileSync(`${path}.small`, 'small\n');
    const readChunkBytes = 32 * 1024;
    const large = await signalledTail(path, { ...AT_ONCE, from: 'start', readChunkBytes });
    const before = large.batches.length;
    const small = await signalledTail(`${path}.small`, {
      ...AT_ONCE,
      from: 'start',
      clock: large.clock,
    });
    expect(small.items()).toEqual(['small']);
    expect(large.batches.at(-1)?.byteRange.end).toBeLessThan(16 * 1024 * 1024);
    await turns(100);
    expect(large.batches.length).toBeGreaterThan(before);
    expect(large.batches.at(-1)?.byteRange.end).toBe(16 * 1024 * 1024);
  });
});
