import { createManualClock } from '@watchkeeper/core/testing';
import { describe, expect, it } from 'vitest';

import { BEAT_SLOT_MS, Heartbeats, type Beating } from '../src/heartbeat.ts';
import { turns } from './support/turns.ts';

function member(beat: () => void): Beating {
  return { beatAt: -1, beat };
}

describe('Heartbeats', () => {
  it('serves thousands with one timer, none of them late', async () => {
    const clock = createManualClock();
    const heartbeats = new Heartbeats(clock);
    const beats: number[] = [];
    const members = Array.from({ length: 2000 }, (_, index) =>
      member(() => beats.push(clock.now() - (500 + (index % 1000)))),
    );
    for (const [index, each] of members.entries()) heartbeats.schedule(each, 500 + (index % 1000));
    expect(clock.pending).toBe(1);
    await clock.advance(1500);
    expect(beats).toHaveLength(2000);
    expect(Math.max(...beats)).toBeLessThanOrEqual(0);
    expect(Math.min(...beats)).toBeGreaterThan(-BEAT_SLOT_MS);
    expect(clock.pending).toBe(0);
  });

  it('beats once for each time it is asked, at the last time asked for', async () => {
    const clock = createManualClock();
    const heartbeats = new Heartbeats(clock);
    const beats: number[] = [];
    const one = member(() => beats.push(clock.now()));
    heartbeats.schedule(one, 1000);
    heartbeats.schedule(one, 100);
    await clock.advance(5000);
    expect(beats).toEqual([100]);
  });

  it('goes on when a beat asks for the next one', async () => {
    const clock = createManualClock();
    const heartbeats = new Heartbeats(clock);
    const beats: number[] = [];
    const one: Beating = member(() => {
      beats.push(clock.now());
      heartbeats.schedule(one, 1000);
    });
    heartbeats.schedule(one, 1000);
    await clock.advance(3000);
    expect(beats).toEqual([1000, 2000, 3000]);
  });

  it('holds no timer once everything is cancelled', () => {
    const clock = createManualClock();
    const heartbeats = new Heartbeats(clock);
    const [a, b] = [member(() => undefined), member(() => undefined)];
    heartbeats.schedule(a, 10);
    heartbeats.schedule(b, 1000);
    heartbeats.cancel(a);
    heartbeats.cancel(b);
    heartbeats.cancel(b);
    expect(clock.pending).toBe(0);
  });

  it('serves the rest in the next turn when beats take long', async () => {
    const clock = createManualClock();
    let extra = 0;
    const heartbeats = new Heartbeats({ ...clock, now: () => clock.now() + extra });
    let beats = 0;
    for (let index = 0; index < 10; index += 1) {
      heartbeats.schedule(
        member(() => {
          beats += 1;
          extra += 2;
        }),
        1000,
      );
    }
    await clock.advance(1000);
    expect(beats).toBeLessThan(10);
    await turns(10);
    expect(beats).toBe(10);
  });
});
