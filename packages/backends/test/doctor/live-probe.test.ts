import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createFsBackend } from '@watchkeeper/backend-fs';
import { createPollBackend } from '@watchkeeper/backend-poll';
import {
  detectPlace,
  systemClock,
  WatchError,
  type AbsPath,
  type Capabilities,
  type WatchBackend,
} from '@watchkeeper/core';
import { createManualBackend } from '@watchkeeper/core/testing';
import { describe, expect, it } from 'vitest';
import { PROBE_GRACE_MS, probeLive } from '../../src/doctor/live-probe.ts';
import type { ProbeReport } from '../../src/doctor/probe-report.ts';
import { TouchRecorder } from '../../src/doctor/touch-recorder.ts';
import { scratch } from './support/scratch.ts';

async function probe(backend: WatchBackend, directory = scratch()): Promise<ProbeReport> {
  await backend.probe();
  const place = await detectPlace(directory);
  const report = await probeLive({ backend, place, directory, clock: systemClock });
  expect(readdirSync(directory)).toEqual([]);
  return report;
}

/** What a test waits for something that never comes, in milliseconds. */
const PATIENCE_MS = 100;

/** A backend whose `open` behaves as given, and that is waited for no longer than {@link PATIENCE_MS}. */
function opening(open: WatchBackend['open'], wish: Partial<Capabilities> = {}): WatchBackend {
  const capabilities = { worstLatencyMs: PATIENCE_MS - PROBE_GRACE_MS, ...wish };
  return { ...createManualBackend({ name: 'odd', capabilities }), open };
}

describe('probeLive', () => {
  it.each([
    ['fs', () => createFsBackend()],
    ['poll', () => createPollBackend({ intervalMs: 20 })],
  ])('measures that %s tells of everything, and leaves nothing behind', async (_, create) => {
    const directory = scratch();
    const report = await probe(create(), directory);
    expect(report).toMatchObject({ outcome: 'ran', because: null, failure: null });
    expect(dirname(report.directory ?? '')).toBe(directory);
    expect(report.steps.map(({ action }) => action)).toEqual([
      'create',
      'append',
      'rename',
      'remove',
    ]);
    for (const { reportedAfterMs } of report.steps) expect(reportedAfterMs).toBeGreaterThan(0);
  });

  it('finds out that a backend is deaf', async () => {
    const deaf = opening(async () => ({
      ref: () => undefined,
      unref: () => undefined,
      close: async () => undefined,
    }));
    const { steps } = await probe(deaf);
    expect(steps.map(({ reportedAfterMs }) => reportedAfterMs)).toEqual([null, null, null, null]);
  });

  it('stops at once when it is told to, and leaves nothing behind', async () => {
    const directory = scratch();
    const stop = new AbortController();
    const silent = opening(
      async () => ({
        ref: () => undefined,
        unref: () => undefined,
        close: async () => undefined,
      }),
      { worstLatencyMs: 600_000 },
    );
    const place = await detectPlace(directory);
    const request = { backend: silent, place, directory, clock: systemClock };
    const probing = probeLive({ ...request, signal: stop.signal });
    await expect.poll(() => readdirSync(directory, { recursive: true }).join()).toMatch(/created/);
    stop.abort();
    expect((await probing).steps).toMatchObject([{ action: 'create', reportedAfterMs: null }]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('says what a backend ends with while it is tried out', async () => {
    const ending = opening(async (request, sink) => {
      const gone = new WatchError('gone', { code: 'ERR_WATCH_ROOT_GONE', backend: 'odd' });
      request.clock.setTimeout(() => sink.ended(gone), 1);
      return { ref: () => undefined, unref: () => undefined, close: async () => undefined };
    });
    const report = await probe(ending);
    expect(report.steps.map(({ reportedAfterMs }) => reportedAfterMs)).toEqual(
      Array.from({ length: 4 }, () => null),
    );
    expect(report.failure?.code).toBe('ERR_WATCH_ROOT_GONE');
  });

  it('passes on why a backend does not open', async () => {
    const refusing = opening(async () => {
      throw new WatchError('No', {
        code: 'ERR_WATCH_LIMIT_INSTANCES',
        backend: 'odd',
        remedy: 'raise it',
      });
    });
    expect(await probe(refusing)).toMatchObject({
      outcome: 'failed',
      failure: { code: 'ERR_WATCH_LIMIT_INSTANCES', message: 'No', remedy: 'raise it' },
    });
  });

  it('closes the file first where the backend promises no more', async () => {
    const promises = { openFileAppends: 'on-close' } as const;
    const fs = createFsBackend();
    const onClose = { ...opening((request, sink) => fs.open(request, sink), promises) };
    const { steps } = await probe(onClose);
    expect(steps.map(({ closedFirst }) => closedFirst)).toEqual([false, true, false, false]);
  });

  it('writes nothing where nothing may be written', async ({ skip }) => {
    skip(process.platform !== 'linux', 'only Linux has /proc');
    const place = await detectPlace('/proc');
    const request = { backend: createPollBackend(), place, clock: systemClock };
    for (const directory of ['/proc', '/proc/self']) {
      const report = await probeLive({ ...request, directory });
      expect(report).toMatchObject({ outcome: 'skipped', steps: [], directory: null });
    }
  });
});

describe('TouchRecorder', () => {
  const path = '/w/a/b' as AbsPath;

  it.each([
    ['/w/a/b', 'entry', true],
    ['/w/a', 'entry', false],
    ['/w/a', 'children', true],
    ['/w', 'children', false],
    ['/w', 'tree', true],
    ['/', 'tree', true],
    ['/w/a/bc', 'tree', false],
  ] as const)('takes a touch of %s with the reach %s as %s', async (touched, reach, told) => {
    const recorder = new TouchRecorder();
    const answer = recorder.expect([path]);
    recorder.touched([{ path: join(touched) as AbsPath, reach }]);
    recorder.ended(new WatchError('over', { code: 'ERR_WATCH_ROOT_GONE', backend: 'x' }));
    expect(await answer).toBe(told);
    expect(await recorder.expect([path])).toBe(false);
    expect(recorder.problem?.message).toBe('over');
  });

  it('takes a loss as told, and waits for every path', async () => {
    const recorder = new TouchRecorder();
    const other = '/x' as AbsPath;
    const both = recorder.expect([path, other]);
    recorder.lost(['/w']);
    recorder.touched([{ path: other, reach: 'entry' }]);
    expect(await both).toBe(true);
  });
});
