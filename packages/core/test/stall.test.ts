import { describe, expect, it } from 'vitest';
import { BEAT_MS, Heartbeat, type Beat } from '../src/heartbeat.ts';
import { wasStalled } from '../src/stall.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';

const beats: readonly [what: string, elapsedMs: number, wallElapsedMs: number, stalled: boolean][] =
  [
    ['in time', BEAT_MS, BEAT_MS, false],
    ['late by ordinary work', BEAT_MS + 400, BEAT_MS + 400, false],
    ['after a blocked loop or a stopped process', BEAT_MS + 5000, BEAT_MS + 5000, true],
    ['after the machine slept', BEAT_MS, BEAT_MS + 3_600_000, true],
    ['after the time of day was set a little', BEAT_MS, BEAT_MS + 900, false],
    ['after the time of day was set back', BEAT_MS, BEAT_MS - 3_600_000, false],
  ];

describe('a stall', () => {
  it.each(beats)('is judged by a beat %s', (_, elapsedMs, wallElapsedMs, stalled) => {
    expect(wasStalled({ elapsedMs, wallElapsedMs })).toBe(stalled);
  });
});

describe('the heartbeat', () => {
  it('tells the time between beats, and nothing once it was stopped', async () => {
    const clock = createManualClock();
    const seen: Beat[] = [];
    const heartbeat = new Heartbeat(clock, (beat) => seen.push(beat));
    heartbeat.start();
    heartbeat.start();
    await clock.advance(BEAT_MS * 2);
    clock.block(4000);
    await clock.advance(0);
    clock.sleep(9000);
    await clock.advance(BEAT_MS);
    heartbeat.stop();
    await clock.advance(BEAT_MS * 4);
    expect(clock.pending).toBe(0);
    expect(seen).toEqual([
      { elapsedMs: BEAT_MS, wallElapsedMs: BEAT_MS },
      { elapsedMs: BEAT_MS, wallElapsedMs: BEAT_MS },
      { elapsedMs: 4000, wallElapsedMs: 4000 },
      { elapsedMs: BEAT_MS, wallElapsedMs: BEAT_MS + 9000 },
    ]);
  });
});
