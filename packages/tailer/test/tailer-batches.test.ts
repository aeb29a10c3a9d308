import { appendFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { LinePosition, TailBatch } from '../src/tail.ts';
import { signalledTail } from './support/signalled-tail.ts';
import { tempFile } from './support/temp-dir.ts';
import { turns } from './support/turns.ts';

const AT_ONCE = { debounceMs: 0, maxWaitMs: 0 } as const;

/** A JSON line of exactly `bytes` bytes, newline included. */
function jsonLine(bytes: number): string {
  const frame = '{"text":""}\n'.length;
  return `{"text":"${'x'.repeat(bytes - frame)}"}\n`;
}

describe('ranges of batches', () => {
  it('join up as in the worked example: 800 to 1120, then 1120 to 1240', async () => {
    const path = tempFile();
    writeFileSync(path, jsonLine(300) + jsonLine(250) + jsonLine(250));
    const { tail, clock, batches, touch } = await signalledTail(path);
    expect(tail.byteOffset).toBe(800);
    expect(tail.lineIndex).toBe(0);

    appendFileSync(path, jsonLine(160) + jsonLine(160));
    await touch();
    await clock.advance(100);
    expect(batches).toHaveLength(1);
    expect(batches[0]).toMatchObject({ byteRange: { start: 800, end: 1120 }, restarted: null });

    const last = jsonLine(120);
    appendFileSync(path, last.slice(0, 80));
    await clock.advance(100);
    await touch();
    await clock.advance(1000);
    expect(batches).toHaveLength(1);
    expect(tail.byteOffset).toBe(1120);

    appendFileSync(path, last.slice(80));
    await touch();
    await clock.advance(100);
    expect(batches).toHaveLength(2);
    expect(batches[1]).toMatchObject({
      items: [last.trim()],
      byteRange: { start: 1120, end: 1240 },
    });
    expect(tail.byteOffset).toBe(1240);
    expect(tail.lineIndex).toBe(3);
  });

  it('and of lines are exact: 0, 120, 195, 495 for lines of 120, 75 and 300 bytes', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const positions: LinePosition[] = [];
    const { batches, touch } = await signalledTail(path, {
      ...AT_ONCE,
      from: 'start',
      parse: (line, position) => {
        positions.push(position);
        return line.length;
      },
    });
    appendFileSync(path, jsonLine(120) + jsonLine(75) + jsonLine(300));
    await touch();
    expect(batches).toHaveLength(1);
    expect(batches[0]).toMatchObject({ items: [119, 74, 299], byteRange: { start: 0, end: 495 } });
    expect(positions).toEqual([
      { lineIndex: 0, start: 0, end: 120 },
      { lineIndex: 1, start: 120, end: 195 },
      { lineIndex: 2, start: 195, end: 495 },
    ]);
  });

  it('account for blank, skipped and malformed lines between and after items', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { tail, batches, errors, touch } = await signalledTail(path, {
      ...AT_ONCE,
      parse: (line) => {
        const value = JSON.parse(line) as number;
        return value < 0 ? null : value;
      },
    });
    appendFileSync(path, '1\n\n  \n-5\nbroken\n2\n\n');
    await touch();
    appendFileSync(path, '\n\n');
    await touch();
    expect(tail.byteOffset).toBe(statSync(path).size);
    expect(batches).toHaveLength(1);
    appendFileSync(path, '3\n');
    await touch();
    expect(batches.map(({ items, byteRange }) => ({ items, byteRange }))).toEqual([
      { items: [1, 2], byteRange: { start: 0, end: 19 } },
      { items: [3], byteRange: { start: 19, end: 23 } },
    ]);
    expect(errors.map(({ code, range }) => ({ code, range }))).toEqual([
      { code: 'PARSE_ERROR', range: { start: 9, end: 16 } },
    ]);
    expect(tail.lineIndex).toBe(5);
  });

  it('make every batch cursor a place to go on from', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\n');
    const first = await signalledTail(path, { ...AT_ONCE, from: 'start' });
    appendFileSync(path, 'c\n');
    await first.touch();
    first.tail.stop();
    expect(first.tail.cursor()).toEqual(first.batches.at(-1)?.cursor);
    const cursors = first.batches.map((batch) => batch.cursor);
    for (const [index, from] of cursors.entries()) {
      const next = await signalledTail(path, { ...AT_ONCE, from });
      expect(next.items()).toEqual(index === 0 ? ['c'] : []);
      expect(next.tail.byteOffset).toBe(6);
      next.tail.stop();
    }
  });
});

describe('lines', () => {
  it.each([
    ['CRLF', 'a\r\nb\r\n', ['a', 'b']],
    ['a byte order mark', '\ufeffa\nb\n', ['a', 'b']],
    ['NUL bytes before a line', `${'\0'.repeat(4096)}a\n`, ['a']],
    ['line separators inside a string', '"\u2028\u2029\u0085"\n', ['"\u2028\u2029\u0085"']],
    ['top-level scalars', '1\n"x"\nnull\n', ['1', '"x"', 'null']],
    ['something that looks like two values', '1,2\n[1\n2]\n', ['1,2', '[1', '2]']],
  ])('with %s come out whole', async (_title, content, expected) => {
    const path = tempFile();
    writeFileSync(path, content);
    const { items, tail } = await signalledTail(path, { ...AT_ONCE, from: 'start' });
    expect(items()).toEqual(expected);
    expect(tail.byteOffset).toBe(Buffer.byteLength(content));
  });

  it('are whole wherever a write was cut, inside characters too', async () => {
    const line = Buffer.from('"日本語 🎉 ﬁ"\n');
    const path = tempFile();
    writeFileSync(path, '');
    const { batches, touch } = await signalledTail(path, AT_ONCE);
    for (let cut = 0; cut <= line.length; cut += 1) {
      appendFileSync(path, line.subarray(0, cut));
      await touch();
      appendFileSync(path, line.subarray(cut));
      await touch();
    }
    expect(batches.flatMap((batch) => batch.items)).toEqual(
      Array.from({ length: line.length + 1 }, () => line.toString().trim()),
    );
  });

  it('that are too long are reported with their range and skipped', async () => {
    const path = tempFile();
    writeFileSync(path, `good\n${'x'.repeat(200)}\nalso good\n`);
    const { items, errors } = await signalledTail(path, {
      ...AT_ONCE,
      from: 'start',
      maxLineBytes: 100,
      readChunkBytes: 32,
    });
    expect(items()).toEqual(['good', 'also good']);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'LINE_TOO_LONG', range: { start: 5, end: 206 } });
  });

  it('that never get their newline are never delivered, however long they wait', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { batches, clock, touch, tail } = await signalledTail(path, AT_ONCE);
    appendFileSync(path, '{"complete":true}');
    await touch();
    await clock.advance(600_000);
    tail.stop();
    expect(batches).toEqual([]);
    expect(tail.byteOffset).toBe(0);
  });
});

describe('a restart', () => {
  it('is marked on its first batch only, counts from 0 and delivers what was pending before', async () => {
    const path = tempFile();
    writeFileSync(path, 'old\n');
    const { batches, clock, touch } = await signalledTail(path);
    appendFileSync(path, 'pending\n');
    await touch();
    expect(batches).toEqual([]);
    truncateSync(path);
    appendFileSync(path, 'x\ny\n');
    await touch();
    await clock.advance(100);
    appendFileSync(path, 'z\n');
    await touch();
    await clock.advance(100);
    const told = batches.map(({ items, generation, restarted, byteRange }) => ({
      items,
      generation,
      restarted,
      byteRange,
    }));
    expect(told).toEqual([
      { items: ['pending'], generation: 0, restarted: null, byteRange: { start: 4, end: 12 } },
      { items: ['x', 'y'], generation: 1, restarted: 'truncated', byteRange: { start: 0, end: 4 } },
      { items: ['z'], generation: 1, restarted: null, byteRange: { start: 4, end: 6 } },
    ]);
    expect(batches[1]?.cursor).toMatchObject({ generation: 1, lineIndex: 2, offset: 4 });
  });

  it.each([
    [
      'replaced',
      (path: string) => {
        writeFileSync(`${path}.tmp`, 'old\nnew\n');
        renameSync(`${path}.tmp`, path);
      },
    ],
    ['rewritten', (path: string) => writeFileSync(path, 'OLD\nnew\n')],
  ] as const)('says that the file was %s', async (reason, change) => {
    const path = tempFile();
    writeFileSync(path, 'old\n');
    const { batches, touch, tail } = await signalledTail(path, AT_ONCE);
    change(path);
    await touch();
    expect(batches).toHaveLength(1);
    expect(batches[0]).toMatchObject({
      restarted: reason,
      generation: 1,
      byteRange: { start: 0, end: 8 },
    });
    expect(tail.cursor().generation).toBe(1);
  });

  it('is also what a cursor gets whose file has other content now', async () => {
    const path = tempFile();
    writeFileSync(path, 'a\nb\n');
    const first = await signalledTail(path, { ...AT_ONCE, from: 'start' });
    const from = first.tail.cursor();
    first.tail.stop();
    writeFileSync(path, 'A\nb\nc\n');
    const second = await signalledTail(path, { ...AT_ONCE, from });
    expect(second.batches).toHaveLength(1);
    expect(second.batches[0]).toMatchObject({
      items: ['A', 'b', 'c'],
      restarted: 'rewritten',
      generation: 1,
    });
  });
});

describe('timing of batches', () => {
  it('waits for 100 ms of quiet after the last of several writes', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { batches, clock, touch } = await signalledTail(path);
    for (const pause of [50, 40, 99]) {
      appendFileSync(path, 'x\n');
      await touch();
      await clock.advance(pause);
    }
    expect(batches).toEqual([]);
    await clock.advance(1);
    expect(batches).toHaveLength(1);
    expect(batches[0]?.items).toHaveLength(3);
  });

  it('never keeps an item longer than 500 ms under a writer that does not pause', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const times: number[] = [];
    const { clock, touch, tail } = await signalledTail(path, {
      onBatch: (batch: TailBatch<string>) => {
        times.push(clock.now());
        count += batch.items.length;
      },
    });
    let count = 0;
    for (let write = 0; write < 40; write += 1) {
      appendFileSync(path, 'x\n');
      await touch();
      await clock.advance(50);
    }
    await clock.advance(100);
    expect(count).toBe(40);
    expect(times.slice(0, 3)).toEqual([500, 1000, 1500]);
    expect(times.length).toBeGreaterThanOrEqual(4);
    tail.stop();
    expect(clock.pending).toBe(0);
  });

  it('delivers ten lines written at once together', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { batches, clock, watcher } = await signalledTail(path);
    for (let line = 0; line < 10; line += 1) {
      appendFileSync(path, `${line}\n`);
      watcher.latest.change(null);
    }
    await clock.advance(100);
    expect(batches).toHaveLength(1);
    expect(batches[0]?.items).toHaveLength(10);
  });

  it('delivers in the turn of the signal when both times are 0', async () => {
    const path = tempFile();
    writeFileSync(path, '');
    const { batches, watcher, clock } = await signalledTail(path, AT_ONCE);
    appendFileSync(path, 'x\n');
    watcher.latest.change(null);
    expect(batches).toHaveLength(1);
    await clock.advance(1000);
    expect(batches).toHaveLength(1);
  });

  it('does not wait with a backlog: it comes in pieces of bounded size, one after the other', async () => {
    const path = tempFile();
    const lines = Array.from({ length: 5000 }, (_, index) => `${index} ${'x'.repeat(1000)}`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    const { batches, clock, items } = await signalledTail(path, { from: 'start' });
    await turns(20);
    expect(batches.length).toBeGreaterThanOrEqual(4);
    for (const { byteRange } of batches) {
      expect(byteRange.end - byteRange.start).toBeLessThan(1024 * 1024 + 256 * 1024 + 1100);
    }
    await clock.advance(100);
    expect(items()).toEqual(lines);
    for (const [index, batch] of batches.entries()) {
      expect(batch.byteRange.start).toBe(batches[index - 1]?.byteRange.end ?? 0);
    }
  });
});
