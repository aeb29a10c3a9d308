import { turn } from '@watchkeeper/core/backend-kit';
import { describe, expect, it, vi } from 'vitest';
import { PRESSURE_SHARE, QueuePressure } from '../src/queue-pressure.ts';

const LENGTH = 100;

function note(pressure: QueuePressure, times: number): void {
  for (let count = 0; count < times; count += 1) pressure.note();
}

describe('QueuePressure', () => {
  it('takes a turn that brings its share of the queue for an overflow, at the end of that turn', async () => {
    const pressure = new QueuePressure(LENGTH);
    const listener = vi.fn<() => void>();
    pressure.onOverflow(listener);
    note(pressure, LENGTH * PRESSURE_SHARE);
    expect(listener).not.toHaveBeenCalled();
    await turn();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('counts each turn by itself', async () => {
    const pressure = new QueuePressure(LENGTH);
    const listener = vi.fn<() => void>();
    pressure.onOverflow(listener);
    for (let turns = 0; turns < 5; turns += 1) {
      note(pressure, LENGTH * PRESSURE_SHARE - 1);
      await turn();
    }
    expect(listener).not.toHaveBeenCalled();
  });

  it('calls every listener until it is taken away', async () => {
    const pressure = new QueuePressure(LENGTH);
    const [kept, gone] = [vi.fn<() => void>(), vi.fn<() => void>()];
    pressure.onOverflow(kept);
    pressure.onOverflow(gone)();
    note(pressure, LENGTH);
    await turn();
    expect(kept).toHaveBeenCalledTimes(1);
    expect(gone).not.toHaveBeenCalled();
  });
});
