import { EventRecorder } from '@watchkeeper/conformance';
import { WatchError, type AbsPath } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { Outlet } from '../src/outlet.ts';

const touch = { path: '/w/f' as AbsPath, reach: 'entry' } as const;
const problem = (path: string): WatchError =>
  new WatchError('no', { code: 'ERR_WATCH_IO', effect: 'partial', backend: 'poll', paths: [path] });

describe('Outlet', () => {
  it('drops what is found while opening, but keeps problems for later', () => {
    const recorder = new EventRecorder();
    const outlet = new Outlet(recorder);
    outlet.touch(touch);
    outlet.problem(problem('/a'));
    outlet.finish();
    expect(recorder.mark()).toBe(0);
    outlet.unmute();
    outlet.problem(problem('/b'));
    outlet.finish();
    expect(recorder.touchesSince()).toEqual([]);
    expect(recorder.degradedSince()).toMatchObject([{ paths: ['/a', '/b'] }]);
  });

  it('makes one call of the touches of a slice', () => {
    const recorder = new EventRecorder();
    const outlet = new Outlet(recorder);
    outlet.unmute();
    outlet.touch(touch);
    outlet.touch({ ...touch, path: '/w/g' as AbsPath });
    outlet.flush();
    outlet.flush();
    expect([recorder.mark(), recorder.touchesSince().length]).toEqual([1, 2]);
  });

  it('says nothing once stopped, even from inside a call', () => {
    const recorder = new EventRecorder();
    const outlet = new Outlet(recorder);
    outlet.unmute();
    recorder.onCall = () => outlet.stop();
    outlet.touch(touch);
    outlet.problem(problem('/a'));
    outlet.finish();
    outlet.end(problem('/w'));
    expect(recorder.mark()).toBe(1);
  });
});
