import { describe, expect, it } from 'vitest';
import { LANES } from '../src/cadence.ts';
import { LaneSchedule } from '../src/lane-schedule.ts';

const every = { hot: 250, warm: 1000, cold: 4000 };
const all = { hot: 1, warm: 1, cold: 1 };

describe('LaneSchedule', () => {
  it('begins with every lane due', () => {
    expect(new LaneSchedule().readyAt(0)).toEqual(LANES);
  });

  it('counts from the end of the sweep', () => {
    const schedule = new LaneSchedule();
    schedule.swept(LANES, 700, every, all);
    expect(schedule.nextDue({ hot: 1, warm: 0, cold: 0 })).toBe(950);
    expect(schedule.readyAt(887)).toEqual([]);
    // A quarter of the shortest interval early, along with others.
    expect(schedule.readyAt(888)).toEqual(['hot']);
    expect(schedule.readyAt(1700)).toEqual(['hot', 'warm']);
  });

  it('leaves a lane that was not swept at its time, or sooner when its interval shrank', () => {
    const schedule = new LaneSchedule();
    schedule.swept(LANES, 0, every, all);
    schedule.swept(['hot'], 500, every, all);
    expect(schedule.readyAt(1000)).toEqual(['hot', 'warm']);
    schedule.swept(['hot'], 600, { ...every, cold: 500 }, all);
    expect(schedule.readyAt(1100)).toEqual(LANES);
  });

  it('waits for the lanes that hold something, and for the warm one', () => {
    const schedule = new LaneSchedule();
    schedule.swept(LANES, 0, every, all);
    expect(schedule.nextDue({ hot: 0, warm: 0, cold: 9 })).toBe(1000);
    expect(schedule.nextDue({ hot: 1, warm: 0, cold: 9 })).toBe(250);
  });
});
