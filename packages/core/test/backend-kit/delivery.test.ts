import { beforeEach, describe, expect, it } from 'vitest';
import type { Touch } from '../../src/backend.ts';
import { BackendErrors } from '../../src/backend-kit/backend-errors.ts';
import { Delivery } from '../../src/backend-kit/delivery.ts';
import { turn } from '../../src/backend-kit/turn.ts';
import type { AbsPath } from '../../src/entry.ts';
import { WatchError } from '../../src/errors.ts';
import { RecordingSink } from './recording-sink.ts';

const touch = (path: string, more: Partial<Touch> = {}): Touch => ({
  path: path as AbsPath,
  reach: 'entry',
  ...more,
});

const problem = (path: string): WatchError =>
  new WatchError(`No cover for ${path}`, {
    code: 'ERR_WATCH_PERMISSION',
    effect: 'partial',
    backend: 'kit',
    paths: [path],
  });

const root = '/w' as AbsPath;

describe('Delivery', () => {
  let sink: RecordingSink;
  let delivery: Delivery;

  beforeEach(async () => {
    sink = new RecordingSink();
    delivery = new Delivery(sink, new BackendErrors('kit'));
    delivery.release();
    await turn();
  });

  it('passes the first touch of a turn on at once, and the others at its end in one call', async () => {
    delivery.touch(touch('/a'));
    expect(sink.calls).toEqual(['touched /a']);
    delivery.touch(touch('/b'));
    delivery.touchAll([touch('/c'), touch('/d')]);
    expect(sink.calls).toEqual(['touched /a']);
    await turn();
    expect(sink.calls).toEqual(['touched /a', 'touched /b /c /d']);
  });

  it('passes the first touches of a turn on in one call when they were found together', () => {
    delivery.touchAll([]);
    delivery.touchAll([touch('/a'), touch('/b')]);
    expect(sink.calls).toEqual(['touched /a /b']);
  });

  it('merges touches of one path, keeping the widest reach and the newest evidence', async () => {
    delivery.touch(touch('/first'));
    delivery.touch(touch('/d', { reach: 'tree', hint: 'created' }));
    delivery.touch(touch('/d', { hint: 'removed', stat: null }));
    await turn();
    expect(sink.touches.slice(1)).toEqual([
      { path: '/d', reach: 'tree', hint: 'removed', stat: null },
    ]);
  });

  it('holds everything back until the turn after its release, except losses, which concern nobody yet', async () => {
    const held = new Delivery(sink, new BackendErrors('kit'));
    held.touch(touch('/early'));
    held.degrade(problem('/p'));
    held.lose([root], 'restart');
    held.end(problem('/w'));
    held.flush();
    await turn();
    expect(sink.calls).toEqual([]);
    held.release();
    held.touch(touch('/late'));
    expect(sink.calls).toEqual([]);
    await turn();
    expect(sink.calls).toEqual(['touched /early /late', 'degraded /p']);
  });

  it('tells pending touches before a loss, and a loss before later touches', async () => {
    delivery.touch(touch('/direct'));
    delivery.touch(touch('/before'));
    delivery.lose([root], 'overflow');
    delivery.touch(touch('/after'));
    await turn();
    expect(sink.calls).toEqual([
      'touched /direct',
      'touched /before',
      'lost /w overflow',
      'touched /after',
    ]);
  });

  it('makes one call of all problems of a turn', async () => {
    delivery.degrade(problem('/a'));
    delivery.degrade(problem('/b'));
    expect(sink.calls).toEqual([]);
    await turn();
    expect(sink.problems).toMatchObject([
      { code: 'ERR_WATCH_PERMISSION', effect: 'partial', paths: ['/a', '/b'] },
    ]);
  });

  it('flushes touches alone, or with the problems', () => {
    delivery.touch(touch('/a'));
    delivery.touch(touch('/b'));
    delivery.degrade(problem('/p'));
    delivery.flushTouches();
    expect(sink.calls).toEqual(['touched /a', 'touched /b']);
    delivery.flush();
    expect(sink.calls.at(-1)).toBe('degraded /p');
  });

  it('passes pending touches on before the end, and nothing after it', async () => {
    delivery.touch(touch('/a'));
    delivery.touch(touch('/b'));
    delivery.end(problem('/w'));
    delivery.touch(touch('/late'));
    delivery.degrade(problem('/late'));
    delivery.lose([root], 'unknown');
    delivery.end(problem('/again'));
    await turn();
    expect(sink.calls).toEqual(['touched /a', 'touched /b', 'ended /w']);
  });

  it('says nothing once stopped, not even what was pending', async () => {
    delivery.touch(touch('/a'));
    delivery.touch(touch('/pending'));
    delivery.degrade(problem('/pending'));
    delivery.stop();
    await turn();
    expect(sink.calls).toEqual(['touched /a']);
  });

  it.each([
    ['a loss', () => delivery.lose([root], 'overflow')],
    ['an end', () => delivery.end(problem('/w'))],
    ['a flush', () => delivery.flush()],
  ])('says nothing more of %s when the sink stops it with the touches before', async (_, act) => {
    delivery.touch(touch('/a'));
    delivery.touch(touch('/b'));
    delivery.degrade(problem('/p'));
    sink.onCall = () => delivery.stop();
    act();
    await turn();
    expect(sink.calls).toEqual(['touched /a', 'touched /b']);
  });

  it('never calls the sink inside a call, and forgets nothing that came up in one', async () => {
    sink.onCall = () => {
      sink.onCall = null;
      delivery.touch(touch('/b'));
      delivery.lose([root], 'overflow');
      delivery.end(problem('/w'));
    };
    delivery.touch(touch('/a'));
    await turn();
    expect(sink.calls).toEqual(['touched /a', 'touched /b', 'lost /w overflow', 'ended /w']);
    expect(sink.deepest).toBe(1);
  });

  it('reports a throwing sink once, and goes on', async () => {
    sink.onCall = () => {
      throw new Error('from the sink');
    };
    for (const path of ['/a', '/b', '/c']) {
      delivery.touch(touch(path));
      await turn();
    }
    expect(sink.touches.map(({ path }) => path)).toEqual(['/a', '/b', '/c']);
    expect(sink.problems).toMatchObject([{ effect: 'noted', backend: 'kit' }]);
  });
});
