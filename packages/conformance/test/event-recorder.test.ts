import type { AbsPath, Touch } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { EventRecorder } from '../src/event-recorder.ts';

const at = (path: string): AbsPath => path as AbsPath;

describe('EventRecorder', () => {
  it.each<readonly [Touch['reach'], string, boolean]>([
    ['entry', '/w/d', true],
    ['entry', '/w/d/file', false],
    ['children', '/w/d/file', true],
    ['children', '/w/d/e/file', false],
    ['tree', '/w/d/e/file', true],
    ['tree', '/w/dd', false],
    ['tree', '/w', false],
  ])('a touch of /w/d with reach %s covers %s: %s', (reach, path, expected) => {
    const recorder = new EventRecorder();
    recorder.touched([{ path: at('/w/d'), reach }]);
    expect(recorder.covers(at(path))).toBe(expected);
  });

  it('counts a loss above a path, and only what came after a mark', () => {
    const recorder = new EventRecorder();
    recorder.lost([at('/w')], 'overflow');
    expect(recorder.covers(at('/w/d/file'))).toBe(true);
    expect(recorder.covers(at('/w/d/file'), recorder.mark())).toBe(false);
  });

  it('waits for a condition without looking in vain', async () => {
    const recorder = new EventRecorder();
    const waiting = recorder.until(() => recorder.covers(at('/w/a')), 10_000);
    recorder.touched([{ path: at('/w/b'), reach: 'entry' }]);
    recorder.touched([{ path: at('/w/a'), reach: 'entry' }]);
    expect(await waiting).toBe(true);
    expect(await recorder.until(() => false, 1)).toBe(false);
  });

  it('notes calls from where none may come', () => {
    const recorder = new EventRecorder();
    recorder.forbidden = 'open';
    recorder.touched([]);
    recorder.forbidden = null;
    recorder.onCall = () => {
      recorder.onCall = null;
      recorder.touched([]);
    };
    recorder.lost([], 'unknown');
    expect(recorder.violations).toEqual([
      'touched inside open',
      'touched inside another sink call',
    ]);
  });
});
