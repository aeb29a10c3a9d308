import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  truncateSync,
} from 'node:fs';

import { parseFullSession, parseLine } from '@watchkeeper/transcript';
import type { PathWatcher } from '@watchkeeper/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { stopAll, stopWatching } from '../src/watch-session.ts';
import { COMBINATIONS } from './watch-backends.ts';
import { line, lineOfBytes, PATIENCE, Rig } from './watch-rig.ts';

/** Everything a transcript may hold, in awkward pieces. */
const MIXED = Buffer.from(
  [
    line('日本語 🎉 ﬁ'),
    '\n',
    'not json\n',
    line('windows').replace('\n', '\r\n'),
    '  \n',
    `${line('two').trimEnd()}${line('records')}`,
    '{"type":"brand-new"}\n',
    `{"type":"user","mess${line('behind a cut')}`,
    line('long '.repeat(60_000)),
    line('last'),
  ].join(''),
);

/** Cuts a buffer into pieces of 1 byte to 64 KiB, the same for the same seed. */
function pieces(content: Buffer, seed: number): Buffer[] {
  const cut: Buffer[] = [];
  let state = seed;
  for (let at = 0; at < content.length;) {
    // The constants of a common linear congruential generator.
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    const size = 1 + Math.floor((state / 2 ** 32) ** 4 * 65_536);
    cut.push(content.subarray(at, at + size));
    at += size;
  }
  return cut;
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe.each(COMBINATIONS)(
  'the file watcher on $backend with $timers',
  ({ create, debounceMs, maxWaitMs }) => {
    let watcher: PathWatcher;
    let rig: Rig;

    beforeEach(() => {
      watcher = create();
      rig = new Rig(watcher, {
        ...(debounceMs !== undefined && { debounceMs }),
        ...(maxWaitMs !== undefined && { maxWaitMs }),
      });
    });

    afterEach(async () => {
      rig[Symbol.dispose]();
      await watcher.close();
    });

    test('1. Byte-accurate reads: one append of N bytes is one batch from 0 to N', async () => {
      const path = rig.file('s');
      const { handle, seen } = await rig.watch(path);
      expect(handle.byteOffset).toBe(0);
      const sizes = [120, 175, 300];
      appendFileSync(path, sizes.map((size, index) => lineOfBytes(size, `uuid-${index}`)).join(''));
      await seen.have(3);
      expect(seen.batches.map(({ byteRange }) => byteRange)).toEqual([{ start: 0, end: 595 }]);
      expect(seen.messages.map(({ uuid, byteRange }) => [uuid, byteRange])).toEqual([
        ['uuid-0', { start: 0, end: 120 }],
        ['uuid-1', { start: 120, end: 295 }],
        ['uuid-2', { start: 295, end: 595 }],
      ]);
      expect(handle.byteOffset).toBe(595);
    });

    test.each([1, 2, 3])(
      '2. Incremental consistency: what is written in pieces (%i) equals the parser on the whole file',
      async (seed) => {
        const path = rig.file('s');
        const { handle, seen } = await rig.watch(path);
        for (const piece of pieces(MIXED, seed)) {
          appendFileSync(path, piece);
          await turn();
        }
        const { messages } = parseFullSession(readFileSync(path, 'utf8'));
        await seen.have(messages.length);
        expect(seen.messages).toEqual(messages);

        const lines = MIXED.toString()
          .split('\n')
          .filter((text) => text.trim() !== '');
        const firsts = seen.messages.filter(({ subIndex }) => subIndex === 0);
        expect(firsts.map(({ kind, uuid, lineIndex }) => [kind, uuid, lineIndex])).toEqual(
          lines.map((text, index) => [
            parseLine(text, index)?.kind,
            parseLine(text, index)?.uuid,
            index,
          ]),
        );

        const starts = seen.batches.map(({ byteRange }) => byteRange.start);
        const ends = seen.batches.map(({ byteRange }) => byteRange.end);
        expect(starts).toEqual([0, ...ends.slice(0, -1)]);
        expect(ends.at(-1)).toBe(MIXED.length);
        expect(handle.lineIndex).toBe(lines.length);
        expect(seen.errors).toEqual([]);
      },
    );

    test('3. Batch coalescing: ten lines in a tight loop are one or two batches', async () => {
      const path = rig.file('s');
      const { seen } = await rig.watch(path);
      for (let index = 0; index < 10; index++) appendFileSync(path, line(`${index}`));
      await seen.have(10);
      expect(seen.gist).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
      expect(seen.batches.length).toBeLessThanOrEqual(2);
    });

    test('6. Partial line buffering: a line in two halves is one message, after the second', async () => {
      const path = rig.file('s', line('before'));
      const { handle, seen } = await rig.watch(path);
      const start = handle.byteOffset;
      const whole = Buffer.from(line('halves 🎉 of a line'));
      const middle = whole.indexOf('🎉') + 2;
      appendFileSync(path, whole.subarray(0, middle));
      await rig.pass();
      expect(seen.batches).toEqual([]);
      expect(handle.byteOffset).toBe(start);
      appendFileSync(path, whole.subarray(middle));
      await seen.have(1);
      expect(seen.gist).toEqual(['halves 🎉 of a line']);
      expect(seen.batches[0]?.byteRange).toEqual({ start, end: start + whole.length });
    });

    test('7. Empty and blank lines: bytes are read, nothing is delivered or counted', async () => {
      const path = rig.file('s');
      const { handle, seen } = await rig.watch(path);
      appendFileSync(path, '\n\n');
      await expect.poll(() => handle.byteOffset, PATIENCE).toBe(2);
      expect(handle.lineIndex).toBe(0);
      expect(seen.batches).toEqual([]);
      appendFileSync(path, line('first'));
      await seen.have(1);
      expect(seen.messages[0]?.lineIndex).toBe(0);
      expect(seen.batches[0]?.byteRange.start).toBe(0);
    });

    test('8. Malformed lines: a record with its lineIndex, no error, and it goes on', async () => {
      const path = rig.file('s');
      const { handle, seen } = await rig.watch(path);
      appendFileSync(path, `${line('good')}not json\n${line('better')}`);
      await seen.have(3);
      expect(seen.messages).toMatchObject([
        { kind: 'user-prompt', lineIndex: 0 },
        { kind: 'malformed', reason: 'json', preview: 'not json', lineIndex: 1 },
        { kind: 'user-prompt', lineIndex: 2 },
      ]);
      expect(seen.errors).toEqual([]);
      expect(handle.stopped).toBe(false);
    });

    test('9. Stop prevents further events: nothing is delivered after it', async () => {
      const path = rig.file('s');
      const { handle, seen } = await rig.watch(path);
      appendFileSync(path, line('before'));
      await seen.have(1);
      stopWatching(handle);
      const { byteOffset } = handle;
      appendFileSync(path, line('after'));
      await rig.pass();
      stopWatching(handle);
      expect(seen.gist).toEqual(['before']);
      expect(handle).toMatchObject({ stopped: true, byteOffset });
    });

    test('10. Final flush on stop: what was appended before is delivered during the call', async () => {
      const path = rig.file('s');
      const { handle, seen } = await rig.watch(path);
      appendFileSync(path, line('last'));
      stopWatching(handle);
      expect(seen.gist).toEqual(['last']);
      expect(seen.batches).toHaveLength(1);
      await rig.pass();
      expect(seen.batches).toHaveLength(1);
    });

    test('11. Duplicate watcher prevention: the same session has one handle and one set of events', async () => {
      const path = rig.file('s');
      const { handle, seen } = rig.begin(path);
      const second = rig.begin(path);
      expect(second.handle).toBe(handle);
      const others = Array.from({ length: 50 }, () => rig.begin(path).handle);
      expect(new Set(others)).toEqual(new Set([handle]));
      await handle.ready;
      expect(watcher.stats().watches).toBe(1);
      appendFileSync(path, line('once'));
      await seen.have(1);
      await rig.pass();
      expect(seen.gist).toEqual(['once']);
      expect(second.seen.batches).toEqual([]);
    });

    test.each([
      ['shorter than before', ['new']],
      ['longer than before', ['new', 'x'.repeat(2000), 'end']],
    ])(
      '12. File truncation recovery: new content %s is delivered from byte 0',
      async (_, texts) => {
        const path = rig.file('s', lineOfBytes(500, 'uuid-old'));
        const { handle, seen } = await rig.watch(path);
        expect(handle.byteOffset).toBe(500);
        appendFileSync(path, line('old'));
        await seen.have(1);
        const content = texts.map((text) => line(text)).join('');
        truncateSync(path);
        appendFileSync(path, content);
        await seen.have(1 + texts.length);
        expect(seen.gist).toEqual(['old', ...texts]);
        expect(seen.messages.map(({ lineIndex }) => lineIndex)).toEqual([0, ...texts.keys()]);
        expect(seen.batches.at(-1)).toMatchObject({
          byteRange: { end: content.length },
          cursor: { generation: 1 },
        });
        expect(seen.batches.find(({ cursor }) => cursor.generation === 1)?.byteRange.start).toBe(0);
      },
    );

    test('13. Watcher error resilience: a read error is told, and the next read goes on', async () => {
      const path = rig.file('s');
      const { handle, seen } = await rig.watch(path);
      appendFileSync(path, line('before'));
      await seen.have(1);
      renameSync(path, `${path}.aside`);
      mkdirSync(path);
      await expect.poll(() => seen.errors.length, PATIENCE).toBeGreaterThan(0);
      expect(seen.errors[0]).toMatchObject({ sessionId: path, code: 'READ_ERROR' });
      expect(seen.errors[0]?.cause).toBeInstanceOf(Error);
      expect(handle.stopped).toBe(false);
      rmdirSync(path);
      renameSync(`${path}.aside`, path);
      appendFileSync(path, line('after'));
      await seen.have(2);
      await rig.pass();
      expect(seen.gist).toEqual(['before', 'after']);
    });

    test('14. No duplicate delivery: a hundred writes are a hundred messages', async () => {
      const path = rig.file('s');
      const { seen } = await rig.watch(path);
      const texts = Array.from({ length: 100 }, (_, index) => `${index}`);
      for (const [index, text] of texts.entries()) {
        appendFileSync(path, line(text));
        for (let turns = (index * 7) % 5; turns > 0; turns--) await turn();
      }
      await seen.have(100);
      await rig.pass();
      expect(seen.gist).toEqual(texts);
      expect(seen.messages.map(({ lineIndex }) => lineIndex)).toEqual([...texts.keys()]);
    });

    test('15. stopAll tears down everything: three watches stop, and nothing follows', async () => {
      const paths = ['a', 'b', 'c'].map((name) => rig.file(name));
      const watches = await Promise.all(paths.map((path) => rig.watch(path)));
      stopAll();
      for (const path of paths) appendFileSync(path, line('after'));
      await rig.pass();
      expect(watches.map(({ handle }) => handle.stopped)).toEqual([true, true, true]);
      expect(watches.map(({ seen }) => seen.batches)).toEqual([[], [], []]);
    });
  },
);
