import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { describe, expect, it, vi } from 'vitest';

import type { TailBatch } from '../src/tail.ts';
import { STOP_READ_BYTES } from '../src/tailer.ts';
import { faultyIo, systemError } from './support/faulty-io.ts';
import { expectDescriptors } from './support/open-descriptors.ts';
import { SignalWatcher } from './support/signal-watcher.ts';
import { signalledTail, type SignalledTail } from './support/signalled-tail.ts';
import { tempFile } from './support/temp-dir.ts';
import { turns } from './support/turns.ts';

const AT_ONCE = { debounceMs: 0, maxWaitMs: 0 } as const;

/** Asserts that a stopped tail holds nothing and says nothing, whatever happens to its file. */
async function expectSilence<T>(recorded: SignalledTail<T>, path: string): Promise<void> {
  const { batches, errors, clock, tail, watcher } = recorded;
  await tail.closed;
  const before = [batches.length, errors.length];
  appendFileSync(path, 'after\n');
  for (const watch of watcher.watches) watch.change(null);
  await clock.advance(3_600_000);
  await turns();
  expect([batches.length, errors.length]).toEqual(before);
  expect(clock.pending).toBe(0);
  expect(watcher.watches.every((watch) => watch.closes > 0)).toBe(true);
  expectDescriptors(dirname(path), 0);
}

describe('stop', () => {
  it('delivers a pending batch before it returns, then nothing ever again', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const recorded = await signalledTail(path);
    appendFileSync(path, 'pending\n');
    await recorded.touch();
    recorded.tail.stop();
    expect(recorded.items()).toEqual(['pending']);
    expect(recorded.tail.byteOffset).toBe(8);
    expect(recorded.tail.stopped).toBe(true);
    await expectSilence(recorded, path);
  });

  it('reads what was appended just before, although nothing was signalled', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const recorded = await signalledTail(path);
    appendFileSync(path, 'unsignalled\n');
    recorded.tail.stop();
    expect(recorded.items()).toEqual(['unsignalled']);
    await expectSilence(recorded, path);
  });

  it('reads both files when the path was rotated just before', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const recorded = await signalledTail(path);
    appendFileSync(path, 'b\n');
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'c\n');
    recorded.tail.stop();
    expect(recorded.batches.map(({ items, restarted }) => ({ items, restarted }))).toEqual([
      { items: ['b'], restarted: null },
      { items: ['c'], restarted: 'replaced' },
    ]);
    await expectSilence(recorded, path);
  });

  it('works before the first turn, with everything from the start', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\n');
    const watcher = new SignalWatcher();
    watcher.opens = false;
    const starting = signalledTail(path, { from: 'start', watcher });
    const { tail, items } = await starting;
    tail.stop();
    expect(items()).toEqual(['a', 'b']);
    await expect(tail.ready).resolves.toBeUndefined();
  });

  it('reads a bounded part of a large backlog and leaves a cursor for the rest', async () => {
    const path = tempFile();
    const line = `${'x'.repeat(1023)}\n`;
    writeFileSync(path, line.repeat((STOP_READ_BYTES / 1024) * 2));
    const held = Promise.withResolvers<void>();
    const seen: TailBatch<string>[] = [];
    const { tail } = await signalledTail(path, {
      ...AT_ONCE,
      from: 'start',
      onBatch: (batch) => {
        seen.push(batch);
        return seen.length === 1 ? held.promise : undefined;
      },
    });
    tail.stop();
    held.resolve();
    await tail.closed;
    const end = tail.byteOffset;
    expect(end).toBeGreaterThanOrEqual(STOP_READ_BYTES);
    expect(end).toBeLessThan(STOP_READ_BYTES * 1.1);
    const rest = await signalledTail(path, { ...AT_ONCE, from: tail.cursor() });
    await turns(200);
    expect(rest.batches[0]?.byteRange.start).toBe(end);
    expect(rest.batches.at(-1)?.byteRange.end).toBe(STOP_READ_BYTES * 2);
  });

  it('may be called twice, and through the signal', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const controller = new AbortController();
    const recorded = await signalledTail(path, { signal: controller.signal });
    appendFileSync(path, 'last\n');
    controller.abort();
    expect(recorded.items()).toEqual(['last']);
    recorded.tail.stop();
    recorded.tail.stop();
    await expectSilence(recorded, path);
  });

  it('has happened already when the signal was aborted before the start', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\n');
    const recorded = await signalledTail(path, { from: 'start', signal: AbortSignal.abort() });
    expect(recorded.tail.stopped).toBe(true);
    await recorded.tail.closed;
    expect(recorded.batches).toEqual([]);
    expect(recorded.watcher.watches).toEqual([]);
  });

  it('happens at the end of an await using block', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const recorded = await signalledTail(path);
    {
      await using following = recorded.tail;
      expect(following.stopped).toBe(false);
    }
    expect(recorded.tail.stopped).toBe(true);
    await expectSilence(recorded, path);
  });

  it('inside onBatch delivers the rest once that batch is done, in the same turn', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const seen: (readonly string[])[] = [];
    const recorded = await signalledTail(path, {
      ...AT_ONCE,
      onBatch: (batch) => {
        if (seen.length === 0) {
          appendFileSync(path, 'rest\n');
          recorded.tail.stop();
          expectDescriptors(dirname(path), 0);
        }
        seen.push(batch.items);
      },
    });
    appendFileSync(path, 'first\n');
    recorded.watcher.latest.change(null);
    expect(seen).toEqual([['first'], ['rest']]);
    await expectSilence(recorded, path);
  });

  it('inside parse takes effect at the end of that read', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const recorded = await signalledTail(path, {
      parse: (line) => {
        recorded.tail.stop();
        return line;
      },
    });
    appendFileSync(path, 'a\nb\n');
    recorded.watcher.latest.change(null);
    expect(recorded.items()).toEqual(['a', 'b']);
    await expectSilence(recorded, path);
  });

  it('inside onError works too', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const errors: string[] = [];
    const recorded = await signalledTail(path, {
      parse: (line) => JSON.parse(line) as unknown,
      onError: (error) => {
        errors.push(error.code);
        recorded.tail.stop();
      },
    });
    appendFileSync(path, 'bad\n1\nbad again\n');
    recorded.watcher.latest.change(null);
    expect(recorded.items()).toEqual([1]);
    expect(errors).toEqual(['PARSE_ERROR', 'PARSE_ERROR']);
    await expectSilence(recorded, path);
  });

  it('while onBatch is busy delivers the rest when it is done, before closed resolves', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const busy = Promise.withResolvers<void>();
    const seen: (readonly string[])[] = [];
    const recorded = await signalledTail(path, {
      ...AT_ONCE,
      onBatch: (batch) => {
        seen.push(batch.items);
        return seen.length === 1 ? busy.promise : undefined;
      },
    });
    appendFileSync(path, 'first\n');
    await recorded.touch();
    appendFileSync(path, 'second\n');
    await recorded.touch();
    recorded.tail.stop();
    const closed = vi.fn<() => void>();
    void recorded.tail.closed.then(closed);
    await turns();
    expect(seen).toEqual([['first']]);
    expect(closed).not.toHaveBeenCalled();
    expectDescriptors(dirname(path), 0);
    busy.resolve();
    await recorded.tail.closed;
    expect(seen).toEqual([['first'], ['second']]);
    await expectSilence(recorded, path);
  });

  it.each([
    ['the file is missing', undefined],
    ['reading fails', 'EIO'],
  ])('works while %s', async (_title, code) => {
    const path = tempFile();
    if (code !== undefined) writeFileSync(path, 'a\n');
    const { io } = faultyIo(
      code === undefined
        ? {}
        : {
            read: () => {
              throw systemError(code);
            },
          },
    );
    const recorded = await signalledTail(path, { io, from: 'start' });
    recorded.tail.stop();
    await recorded.tail.closed;
    expect(recorded.errors).toHaveLength(code === undefined ? 0 : 1);
    await expectSilence(recorded, path);
  });

  it('stops three tails without a trace', async () => {
    const paths = [tempFile(), tempFile(), tempFile()];
    for (const path of paths) writeFileSync(path, '');
    const recorded = await Promise.all(paths.map(async (path) => signalledTail(path)));
    for (const { tail } of recorded) tail.stop();
    expect(recorded.map(({ tail }) => tail.stopped)).toEqual([true, true, true]);
    for (const [index, one] of recorded.entries()) await expectSilence(one, paths[index]!);
  });
});
