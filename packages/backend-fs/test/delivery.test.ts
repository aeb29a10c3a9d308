import { WatchError, type AbsPath, type Touch } from '@watchkeeper/core';
import { EventRecorder } from '@watchkeeper/conformance';
import { beforeEach, describe, expect, it } from 'vitest';
import { Delivery } from '../src/delivery.ts';
import { turn } from '../src/turn.ts';

const touch = (path: string, more: Partial<Touch> = {}): Touch => ({
  path: path as AbsPath,
  reach: 'entry',
  ...more,
});

const problem = (path: string): WatchError =>
  new WatchError(`No cover for ${path}`, {
    code: 'ERR_WATCH_PERMISSION',
    effect: 'partial',
    backend: 'fs',
    paths: [path],
  });

describe('Delivery', () => {
  let recorder: EventRecorder;
  let delivery: Delivery;

  beforeEach(async () => {
    recorder = new EventRecorder();
    delivery = new Delivery(recorder);
    delivery.release();
    await turn();
  });

  const paths = (): readonly string[] => recorder.touchesSince().map(({ path }) => path);

  it('passes the first touch of a turn on at once, and the others at its end in one call', async () => {
    delivery.touch(touch('/a'));
    expect(paths()).toEqual(['/a']);
    delivery.touch(touch('/b'));
    delivery.touch(touch('/c'));
    expect(paths()).toEqual(['/a']);
    const mark = recorder.mark();
    await turn();
    expect(paths()).toEqual(['/a', '/b', '/c']);
    expect(recorder.mark() - mark).toBe(1);
  });

  it('merges touches of one path, keeping the widest reach and the newest evidence', async () => {
    delivery.touch(touch('/first'));
    delivery.touch(touch('/d', { reach: 'tree', hint: 'created' }));
    delivery.touch(touch('/d', { hint: 'removed', stat: null }));
    await turn();
    expect(recorder.touchesSince(1)).toEqual([
      { path: '/d', reach: 'tree', hint: 'removed', stat: null },
    ]);
  });

  it('holds everything back until it is released', async () => {
    const held = new Delivery(recorder);
    held.touch(touch('/early'));
    await turn();
    expect(paths()).toEqual([]);
    held.release();
    expect(paths()).toEqual([]);
    await turn();
    expect(paths()).toEqual(['/early']);
  });

  it('tells pending touches before a loss, and a loss before later touches', () => {
    delivery.touch(touch('/direct'));
    delivery.touch(touch('/before'));
    delivery.lose(['/w' as AbsPath], 'overflow');
    expect(paths()).toEqual(['/direct', '/before']);
    expect(recorder.covers('/w/any' as AbsPath)).toBe(true);
  });

  it('makes one call of all problems of a turn', async () => {
    delivery.degrade(problem('/a'));
    delivery.degrade(problem('/b'));
    expect(recorder.degradedSince()).toEqual([]);
    await turn();
    const [error, ...others] = recorder.degradedSince();
    expect(others).toEqual([]);
    expect(error).toMatchObject({
      code: 'ERR_WATCH_PERMISSION',
      effect: 'partial',
      paths: ['/a', '/b'],
    });
  });

  it('passes pending touches on before the end, and nothing after it', async () => {
    delivery.touch(touch('/a'));
    delivery.touch(touch('/b'));
    delivery.end(problem('/w'));
    delivery.touch(touch('/late'));
    await turn();
    expect(paths()).toEqual(['/a', '/b']);
    expect(recorder.end?.paths).toEqual(['/w']);
  });

  it('says nothing once stopped, not even what was pending', async () => {
    delivery.touch(touch('/a'));
    delivery.touch(touch('/pending'));
    delivery.stop();
    await turn();
    expect(paths()).toEqual(['/a']);
  });

  it('reports a throwing sink once, and goes on', async () => {
    recorder.onCall = () => {
      throw new Error('from the sink');
    };
    delivery.touch(touch('/a'));
    await turn();
    delivery.touch(touch('/b'));
    await turn();
    recorder.onCall = null;
    await turn();
    expect(paths()).toEqual(['/a', '/b']);
    expect(recorder.degradedSince().map(({ effect }) => effect)).toEqual(['noted']);
  });
});
