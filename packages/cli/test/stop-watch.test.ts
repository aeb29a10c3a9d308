import { createManualClock } from '@watchkeeper/core/testing';
import type { StreamFrame } from '@watchkeeper/server';
import { describe, expect, it } from 'vitest';

import { parseDuration } from '../src/duration.ts';
import { parseUntil, StopWatch, type StopWatchOptions } from '../src/stop-watch.ts';

const frames = {
  updated: {
    event: 'session.updated',
    id: 'e.1.*',
    data: { sessionId: 's', rev: 1, prevRev: null, messageCount: 1, cause: 'hint' },
  },
  heartbeat: { event: 'heartbeat', id: null, data: { at: 0, rev: 1 } },
  gone: { event: 'session.gone', id: null, data: { sessionId: 's', reason: 'deleted' } },
} as const satisfies Readonly<Record<string, StreamFrame>>;

function rig(options: Pick<StopWatchOptions, 'until' | 'timeout'>) {
  const clock = createManualClock();
  const outside = new AbortController();
  return { clock, outside, stop: new StopWatch({ ...options, clock, signal: outside.signal }) };
}

describe('the end of a watch', () => {
  it('is idle time counted from the beginning and from each change, not from heartbeats', async () => {
    const { clock, stop } = rig({ until: { what: 'idle', ms: 2000 } });
    stop.begin();
    await clock.advance(1500);
    stop.saw(frames.updated);
    await clock.advance(1500);
    stop.saw(frames.heartbeat);
    expect(stop.signal.aborted).toBe(false);
    await clock.advance(500);
    expect(stop.signal.aborted).toBe(true);
    expect(stop.exitCode).toBe(0);
  });

  it.each([
    [{}, 4],
    [{ until: { what: 'gone' } }, 0],
  ] as const)('is the deletion of the session: %j gives %i', (options, code) => {
    const { stop } = rig(options);
    stop.begin();
    stop.saw(frames.gone);
    expect(stop.signal.aborted).toBe(true);
    expect(stop.exitCode).toBe(code);
  });

  it('is the timeout, whatever happens', async () => {
    const { clock, stop } = rig({ timeout: 1000, until: { what: 'idle', ms: 5000 } });
    stop.begin();
    await clock.advance(999);
    stop.saw(frames.updated);
    await clock.advance(1);
    expect(stop.exitCode).toBe(7);
  });

  it('is a failure when the frames end by themselves', () => {
    expect(rig({}).stop.exitCode).toBe(1);
  });

  it('follows the outside, and leaves no timer', async () => {
    const { clock, outside, stop } = rig({ timeout: 1000, until: { what: 'idle', ms: 5000 } });
    stop.begin();
    outside.abort();
    expect(stop.signal.aborted).toBe(true);
    await stop[Symbol.asyncDispose]();
    expect(clock.pending).toBe(0);
  });
});

describe('what is read from the command line', () => {
  it.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(parseUntil(`idle:${text}`)).toEqual({ what: 'idle', ms });
  });

  it.each(['', '10', '0s', '-1s', '1d', 's', '1e9h', ' 1s', 'Infinityh'])(
    '%j is no duration',
    (text) => {
      expect(() => parseDuration(text)).toThrow('such as 10s or 5m');
    },
  );

  it.each(['', 'idle', 'idle:', 'Gone', 'turn-end'])('%j is nothing to wait until', (text) => {
    expect(() => parseUntil(text)).toThrow(/Use /);
  });
});
