import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Random } from './random.ts';
import type { Scheduled } from './records.ts';

/** Share of the records whose line reaches the file in two halves. */
const HALF_LINE_CHANCE = 0.15;
/** Pause between the two halves, in milliseconds: long enough for a reader to see the first alone. */
const HALF_LINE_PAUSE_MS = 250;
/** Share of the records that start a burst: what follows comes without pauses. */
const BURST_CHANCE = 0.08;

/** How a simulated agent types. */
export interface TypistOptions {
  /** Multiplies every pace: 2 halves the pauses. */
  readonly speed: number;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Waits; injected so that a test need not. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Appends records as a coding agent does: with pauses, bursts, now and then half a line first, and
 * each append by its own open and close.
 */
export async function type(records: Iterable<Scheduled>, options: TypistOptions): Promise<void> {
  const { random, signal, speed } = options;
  let burst = 0;
  for (const { file, record, pauseMs } of records) {
    if (burst > 0) burst -= 1;
    else {
      await options.pause((pauseMs * (0.5 + random.next())) / speed, signal);
      if (random.next() < BURST_CHANCE) burst = random.between(3, 8);
    }
    if (signal.aborted) return;
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    if (random.next() < HALF_LINE_CHANCE) {
      const cut = random.between(1, line.length - 1);
      append(file, line.subarray(0, cut));
      await options.pause(HALF_LINE_PAUSE_MS / speed, signal);
      // Also when stopping: half a record must not be the last thing in the file.
      append(file, line.subarray(cut));
    } else append(file, line);
    if (signal.aborted) return;
  }
}

function append(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, 'a');
  try {
    for (let written = 0; written < bytes.length;) {
      written += writeSync(descriptor, bytes, written);
    }
  } finally {
    closeSync(descriptor);
  }
}
