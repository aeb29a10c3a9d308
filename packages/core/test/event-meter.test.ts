import { describe, expect, it } from 'vitest';
import { EventMeter, METER_SECONDS } from '../src/event-meter.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';

describe('EventMeter', () => {
  it('averages over its window and forgets what is older', async () => {
    const clock = createManualClock({ now: 123_456 });
    const meter = new EventMeter(clock);
    expect(meter.perSecond()).toBe(0);
    meter.count(30);
    await clock.advance(1000);
    meter.count(20);
    expect(meter.perSecond()).toBe(50 / METER_SECONDS);
    await clock.advance((METER_SECONDS - 1) * 1000);
    expect(meter.perSecond()).toBe(20 / METER_SECONDS);
    await clock.advance(1_000_000);
    expect(meter.perSecond()).toBe(0);
  });
});
