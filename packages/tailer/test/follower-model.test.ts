import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fromCursor, toCursor } from '../src/cursor-codec.ts';
import { nodeFileIo } from '../src/file-io.ts';
import { faultyIo } from './support/faulty-io.ts';
import { recordFollower, type RecordedFollower } from './support/recorded-follower.ts';
import { tempDir } from './support/temp-dir.ts';

type Action =
  | { readonly kind: 'append'; readonly text: string }
  | { readonly kind: 'truncate'; readonly share: number }
  | { readonly kind: 'rewrite'; readonly lines: number; readonly sameHead: boolean }
  | { readonly kind: 'rotate' | 'remove' | 'wake' | 'park' | 'restart' | 'quiet' };

const lineText = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', '\r', '{"a":1}\r', 'é🎉', 'x'.repeat(1500)),
);

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.array(lineText, { maxLength: 4 }), fc.boolean())
      .map(([lines, finished]) => ({
        kind: 'append' as const,
        text: lines.join('\n') + (finished ? '\n' : ''),
      })),
  },
  { weight: 6, arbitrary: fc.constant({ kind: 'wake' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('truncate' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rewrite' as const),
      lines: fc.integer({ min: 1, max: 40 }),
      sameHead: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        'rotate' as const,
        'remove' as const,
        'park' as const,
        'restart' as const,
        'quiet' as const,
      )
      .map((kind) => ({ kind })),
  },
);

/** Lines as the follower should tell them, of bytes it has seen. */
function linesOf(bytes: Buffer): string[] {
  return bytes
    .subarray(0, bytes.lastIndexOf(10) + 1)
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line, index) => (index === 0 ? line.replace(/^\ufeff/, '') : line))
    .map((line) => line.replace(/^\0+/, '').replace(/\r$/, ''))
    .filter((line) => !/^[ \t\r\0]*$/.test(line));
}

class World {
  readonly path: string;
  readonly readChunkBytes: number;
  current: RecordedFollower;
  /** What was told by followers before the current one. */
  readonly told: RecordedFollower['lines'][] = [];
  rotated = 0;
  stamp = 0;

  constructor(directory: string, readChunkBytes: number) {
    this.path = `${directory}/log`;
    this.readChunkBytes = readChunkBytes;
    this.current = recordFollower(this.path, { readChunkBytes });
  }

  apply(next: Action): void {
    const { path } = this;
    const there = existsSync(path);
    switch (next.kind) {
      case 'append':
        appendFileSync(path, next.text);
        break;
      case 'truncate':
        if (there) truncateSync(path, Math.floor(readFileSync(path).length * next.share));
        break;
      case 'rewrite': {
        this.stamp += 1;
        const head =
          next.sameHead && there ? readFileSync(path).subarray(0, 1200) : Buffer.alloc(0);
        const lines = Array.from(
          { length: next.lines },
          (_, line) => `rewrite ${this.stamp} line ${line}\n`,
        );
        writeFileSync(path, Buffer.concat([head, Buffer.from(lines.join(''))]));
        break;
      }
      case 'rotate':
        if (there) renameSync(path, `${path}.${(this.rotated += 1)}`);
        break;
      case 'remove':
        if (there) unlinkSync(path);
        break;
      case 'wake':
        this.current.wake();
        break;
      case 'park':
        if (!this.current.follower.draining) this.current.follower.park();
        break;
      case 'quiet':
        void this.current.clock.advance(0);
        break;
      case 'restart': {
        const { checkpoint } = this.current.follower;
        this.current.follower.close();
        this.told.push(this.current.lines);
        const from = fromCursor(JSON.parse(JSON.stringify(toCursor(checkpoint))) as never);
        this.current = recordFollower(path, { from, readChunkBytes: this.readChunkBytes });
        break;
      }
    }
  }
}

describe('a follower under any sequence of writes, cuts, rotations and restarts', () => {
  it('tells the lines of the last generation exactly, once it has caught up', () => {
    fc.assert(
      fc.property(
        fc.array(action, { minLength: 1, maxLength: 25 }),
        fc.constantFrom(1, 7, 64, 1024, 65_536),
        (actions, readChunkBytes) => {
          const world = new World(tempDir(), readChunkBytes);
          try {
            for (const next of actions) world.apply(next);
            // A new file at the path takes over once it has content, so that the end state is settled.
            if (!existsSync(world.path) || readFileSync(world.path).length === 0) {
              appendFileSync(world.path, 'settled\n');
            }
            world.current.wake();
            const all = [...world.told.flat(), ...world.current.lines];
            const { generation, offset } = world.current.follower.checkpoint;
            const content = readFileSync(world.path);
            const last = all.filter((line) => line.generation === generation);
            expect(last.map((line) => line.text)).toEqual(linesOf(content));
            expect(last.map((line) => line.lineIndex)).toEqual(last.map((_, index) => index));
            expect(offset).toBe(content.lastIndexOf(10) + 1);
            for (const [index, line] of last.entries()) {
              expect(content[line.end - 1]).toBe(10);
              expect(line.start).toBeGreaterThanOrEqual(last[index - 1]?.end ?? 0);
            }
            expect(all.map((line) => line.generation)).toEqual(
              all.map((line) => line.generation).sort((a, b) => a - b),
            );
          } finally {
            world.current.follower.close();
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('loses no line of a file that only grows and is rotated by rename', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('append', 'append', 'append', 'rotate', 'wake', 'wake', 'park'), {
          maxLength: 60,
        }),
        fc.constantFrom(5, 100, 65_536),
        (actions, readChunkBytes) => {
          const world = new World(tempDir(), readChunkBytes);
          const written: string[] = [];
          const append = (): void => {
            written.push(`line ${written.length}`);
            world.apply({ kind: 'append', text: `${written.at(-1)}\n` });
          };
          try {
            append();
            world.apply({ kind: 'wake' });
            for (const kind of actions) {
              if (kind === 'append') append();
              else if (kind === 'rotate') {
                // One rotation between two wakes can be followed, also while no descriptor is held.
                world.apply({ kind });
                append();
                world.apply({ kind: 'wake' });
              } else world.apply({ kind });
            }
            world.apply({ kind: 'wake' });
            expect(world.current.lines.map((line) => line.text)).toEqual(written);
          } finally {
            world.current.follower.close();
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('reads the same whatever pieces reads come in', () => {
    fc.assert(
      fc.property(
        fc.array(lineText, { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
        (lines, pieces) => {
          const path = `${tempDir()}/log`;
          writeFileSync(path, `${lines.join('\n')}\n`);
          let call = 0;
          const { io } = faultyIo({
            read: (fd, buffer, offset, length, position) =>
              nodeFileIo.read(
                fd,
                buffer,
                offset,
                Math.min(length, pieces[(call += 1) % pieces.length]!),
                position,
              ),
          });
          const short = recordFollower(path, { io });
          const whole = recordFollower(path);
          short.wake();
          whole.wake();
          expect(short.lines).toEqual(whole.lines);
          expect(whole.lines.map((line) => line.text)).toEqual(linesOf(readFileSync(path)));
          short.follower.close();
          whole.follower.close();
        },
      ),
    );
  });

  it('takes every change in the last KiB before its position for a new generation, and no append', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.nat(1023),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (length, back, flip, alsoAppend) => {
          const path = `${tempDir()}/log`;
          const content = Buffer.from(`${'y'.repeat(length)}\n`);
          writeFileSync(path, content);
          const recorded = recordFollower(path);
          recorded.wake();
          appendFileSync(path, 'appended\n');
          expect(recorded.wake()).toEqual(['appended']);
          const whole = readFileSync(path);
          const place = Math.max(0, whole.length - 1 - Math.min(back, whole.length - 1));
          whole[place] = whole[place]! ^ flip;
          writeFileSync(path, alsoAppend ? Buffer.concat([whole, Buffer.from('more\n')]) : whole);
          recorded.wake();
          expect(recorded.restarts).toEqual(['rewritten']);
          recorded.follower.close();
        },
      ),
    );
  });
});
