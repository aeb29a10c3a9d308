import { systemClock } from '@watchkeeper/core';
import { createManualClock } from '@watchkeeper/core/testing';
import { describe, expect, it } from 'vitest';

import { TURN_MS, TurnQueue, type TurnTaker } from '../src/turn-queue.ts';
import { turns } from './support/turns.ts';

function taker(
  name: string,
  pieces: number,
  log: string[],
  work: () => void = () => undefined,
): TurnTaker {
  let left = pieces;
  return {
    takeTurn() {
      log.push(name);
      work();
      left -= 1;
      return left > 0;
    },
  };
}

describe('TurnQueue', () => {
  it('lets everyone do one piece before anyone does the next', async () => {
    const log: string[] = [];
    const queue = new TurnQueue(createManualClock());
    queue.add(taker('a', 3, log));
    queue.add(taker('b', 1, log));
    queue.add(taker('c', 2, log));
    await turns();
    expect(log).toEqual(['a', 'b', 'c', 'a', 'c', 'a']);
  });

  it('lets other events in between rounds', async () => {
    const log: string[] = [];
    const queue = new TurnQueue(createManualClock());
    queue.add(taker('a', 3, log));
    setImmediate(() => log.push('other'));
    await turns();
    expect(log).toEqual(['a', 'other', 'a', 'a']);
  });

  it('ends a round that took its time and goes on with those who waited', async () => {
    const log: string[] = [];
    const clock = createManualClock();
    let now = 0;
    const queue = new TurnQueue({ ...clock, now: () => now });
    const slow = (): void => {
      now += TURN_MS;
    };
    queue.add(taker('a', 2, log, slow));
    queue.add(taker('b', 1, log, slow));
    await turns();
    expect(log).toEqual(['a', 'b', 'a']);
  });

  it('forgets who is removed', async () => {
    const log: string[] = [];
    const queue = new TurnQueue(systemClock);
    const gone = taker('gone', 1, log);
    queue.add(gone);
    expect(queue.has(gone)).toBe(true);
    queue.remove(gone);
    expect(queue.has(gone)).toBe(false);
    await turns();
    expect(log).toEqual([]);
  });
});
