import { createManualClock, type ManualClock } from '@watchkeeper/core/testing';

import type { Checkpoint } from '../../src/cursor-codec.ts';
import { DescriptorPool } from '../../src/descriptor-pool.ts';
import { nodeFileIo, type FileIo } from '../../src/file-io.ts';
import { Follower } from '../../src/follower.ts';

/** One line as a follower told it. */
export interface RecordedLine {
  readonly generation: number;
  readonly text: string;
  readonly lineIndex: number;
  readonly start: number;
  readonly end: number;
}

/** A follower on a path, with what it told. */
export interface RecordedFollower {
  readonly follower: Follower;
  readonly clock: ManualClock;
  readonly lines: RecordedLine[];
  readonly restarts: string[];
  readonly skipped: {
    readonly kind: 'oversize' | 'unfinished';
    readonly range: [number, number];
  }[];
  /** Texts of the lines since the last call. */
  readonly news: () => string[];
  /** Does what a signal does: looks, then reads to the end. */
  readonly wake: () => string[];
}

/** What may differ from the defaults. */
export interface RecordedFollowerOptions {
  readonly io?: FileIo;
  readonly pool?: DescriptorPool;
  readonly clock?: ManualClock;
  readonly maxLineBytes?: number;
  readonly readChunkBytes?: number;
  readonly from?: 'start' | 'end' | Checkpoint;
}

/** Makes a follower that writes down what it tells. */
export function recordFollower(
  path: string,
  options: RecordedFollowerOptions = {},
): RecordedFollower {
  const lines: RecordedLine[] = [];
  const restarts: string[] = [];
  const skipped: RecordedFollower['skipped'] = [];
  const clock = options.clock ?? createManualClock();
  let generation = 0;
  let seen = 0;
  const follower = new Follower(
    {
      path,
      io: options.io ?? nodeFileIo,
      clock,
      pool: options.pool ?? new DescriptorPool(),
      maxLineBytes: options.maxLineBytes ?? 1024 * 1024,
      readChunkBytes: options.readChunkBytes ?? 64 * 1024,
    },
    {
      starting: (checkpoint) => {
        generation = checkpoint.generation;
      },
      restarting: (reason) => {
        restarts.push(reason);
        generation += 1;
      },
      line: (text, lineIndex, start, end) =>
        lines.push({ generation, text, lineIndex, start, end }),
      oversize: (start, end) => skipped.push({ kind: 'oversize', range: [start, end] }),
      unfinished: (start, end) => skipped.push({ kind: 'unfinished', range: [start, end] }),
    },
  );
  const { from = 'start' } = options;
  if (from === 'end') follower.startAtEnd();
  else if (from !== 'start') follower.startAt(from);
  const news = (): string[] => {
    const fresh = lines.slice(seen).map((line) => line.text);
    seen = lines.length;
    return fresh;
  };
  return {
    follower,
    clock,
    lines,
    restarts,
    skipped,
    news,
    wake() {
      follower.look();
      follower.begin();
      for (let reads = 0; follower.step(); reads += 1) {
        if (reads > 100_000) throw new Error('the follower reads for ever');
      }
      return news();
    },
  };
}
