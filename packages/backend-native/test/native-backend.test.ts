import type { AbsPath, Place } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { createNativeBackend } from '../src/index.ts';
import { createNativeBackendOn } from '../src/native-backend.ts';
import { noPreflight } from '../src/preflight.ts';
import { NativeBench, Recorder } from './native-bench.ts';

function backendThatFailsToLoad(error: Error): ReturnType<typeof createNativeBackend> {
  return createNativeBackendOn({
    load: async () => {
      throw error;
    },
    preflight: noPreflight,
    registries: new WeakMap(),
  });
}

const notInstalled = Object.assign(new Error("Cannot find package '@parcel/watcher'"), {
  code: 'ERR_MODULE_NOT_FOUND',
});
const noBinary = new Error('No prebuild or local build of @parcel/watcher found.');

describe('probe', () => {
  it('tells the version of the binding', async () => {
    expect(await createNativeBackend().probe()).toEqual({
      usable: true,
      version: expect.stringMatching(/^2\.\d+\.\d+$/),
    });
  });

  it.each([
    [notInstalled, 'ERR_WATCH_BACKEND_MISSING', 'run: npm install @parcel/watcher'],
    [
      noBinary,
      'ERR_WATCH_BACKEND_MISSING',
      'run: npm install @parcel/watcher (without --omit=optional, which leaves the binary out)',
    ],
    [new Error('wrong ELF class'), 'ERR_WATCH_BACKEND_FAILED', undefined],
    [
      // What an import says once the last thread that had the binding ended.
      new Error('Module did not self-register: watcher.node'),
      'ERR_WATCH_BACKEND_FAILED',
      'restart the process, and import @parcel/watcher in its main thread before a worker thread does',
    ],
  ])('answers %s with %s', async (error, code, remedy) => {
    const backend = backendThatFailsToLoad(error);
    const probe = await backend.probe();
    expect(probe).toMatchObject({
      usable: false,
      error: { code, backend: 'native', cause: error },
    });
    expect(probe.usable ? 'usable' : probe.error.remedy).toBe(remedy);
    const opening = backend.open(new NativeBench().request(), new Recorder());
    await expect(opening).rejects.toMatchObject({ code });
  });
});

describe('capabilities', () => {
  const at = (platform: NodeJS.Platform, shared: Place['shared'] = false): Place => ({
    path: '/' as AbsPath,
    platform,
    fsType: 'unknown',
    shared,
    caseSensitive: 'unknown',
  });
  const backend = createNativeBackend();

  it.each([
    ['linux', { loss: 'silent', openFileAppends: 'prompt', costPer: 'directory' }],
    ['darwin', { loss: 'reported', openFileAppends: 'on-close', costPer: 'root' }],
    ['win32', { loss: 'reported', openFileAppends: 'on-close', costPer: 'root' }],
  ] as const)('on %s are %o', (platform, expected) => {
    expect(backend.capabilities(at(platform))).toMatchObject({
      ...expected,
      scope: { names: 'filtered', directory: 'filtered', tree: 'native' },
      unref: false,
    });
  });

  it.each([
    [true, 'unseen'],
    [false, 'seen'],
    ['unknown', 'unknown'],
  ] as const)('where sharing is %j, foreign writes are %j', (shared, foreignWrites) => {
    expect(backend.capabilities(at('linux', shared))).toMatchObject({ foreignWrites });
  });
});

describe('options', () => {
  it.each([
    [{ rootCheckMs: 49 }, /option "rootCheckMs" must be a number of milliseconds from 50, got 49/],
    [{ sliceMs: 0 }, /option "sliceMs" must be a number of milliseconds from 1, got 0/],
    [{ sliceMs: Number.NaN }, /option "sliceMs" .* got NaN/],
    [
      Object.fromEntries([['zz', 1]]),
      /Options of createNativeBackend must be among rootCheckMs, sliceMs, got "zz"/,
    ],
  ])('%o throws a TypeError that names it', (options, message) => {
    expect(() => createNativeBackend(options)).toThrow(TypeError);
    expect(() => createNativeBackend(options)).toThrow(message);
  });
});
