import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AbsPath, Place } from '@watchkeeper/core';
import { EventRecorder } from '@watchkeeper/conformance';
import { createOpenRequest } from '@watchkeeper/core/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createChokidarBackendOn, type ChokidarEnvironment } from '../src/chokidar-backend.ts';
import { identify } from '../src/chokidar-module.ts';
import { createChokidarBackend } from '../src/index.ts';
import { moduleMissing } from '../src/watch-failure.ts';
import { createOn, majors } from './versions.ts';

function makeTree(...directories: readonly string[]): AbsPath {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-chokidar-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const directory of directories) mkdirSync(join(root, directory), { recursive: true });
  return root as AbsPath;
}

function failing(error: unknown): ChokidarEnvironment {
  return {
    load: async () => {
      throw error;
    },
    pools: new WeakMap(),
  };
}

const notInstalled = Object.assign(new Error("Cannot find package 'chokidar'"), {
  code: 'ERR_MODULE_NOT_FOUND',
});

describe('probe', () => {
  it('finds the installed chokidar', async () => {
    const probe = await createChokidarBackend().probe();
    expect(probe).toEqual({ usable: true, version: expect.stringMatching(/^6\./) });
  });

  it.each(majors)('tells the version of chokidar %d', async (major) => {
    const probe = await createOn(major).probe();
    expect(probe).toEqual({ usable: true, version: expect.stringMatching(`^${major}\\.`) });
  });

  it.each([
    [moduleMissing(notInstalled), 'ERR_WATCH_BACKEND_MISSING', 'run: npm install chokidar@^6'],
    [notInstalled, 'ERR_WATCH_BACKEND_MISSING', 'run: npm install chokidar@^6'],
    [new Error('broken on purpose'), 'ERR_WATCH_BACKEND_FAILED', undefined],
  ])('answers %s with %s, and so does open', async (error, code, remedy) => {
    const backend = createChokidarBackendOn(failing(error));
    const probe = await backend.probe();
    expect(probe).toMatchObject({ usable: false, error: { code, backend: 'chokidar' } });
    expect(probe.usable ? 'usable' : probe.error.remedy).toBe(remedy);
  });

  it('refuses a module that is no known chokidar, with what to install', () => {
    const refusal = (module: unknown, specifier: string): unknown => {
      try {
        return identify(module, specifier);
      } catch (error) {
        // The error is what is judged.
        return error;
      }
    };
    const remedy = 'run: npm install chokidar@^6';
    const code = 'ERR_WATCH_BACKEND_UNSUPPORTED';
    expect(refusal({ watch: () => undefined }, 'chokidar')).toMatchObject({ code, remedy });
    expect(refusal({ FSWatcher: EventEmitter }, 'typescript')).toMatchObject({
      code,
      remedy,
      message: expect.stringMatching(/^chokidar 7\.\d+\.\d+ is installed; 4, 5 or 6 is wanted/),
    });
  });
});

describe('capabilities', () => {
  const at = (platform: NodeJS.Platform): Place => ({
    path: '/' as AbsPath,
    platform,
    fsType: 'unknown',
    shared: false,
    caseSensitive: 'unknown',
  });

  it.each([
    ['linux', 4, { costPer: 'directory', newDirectories: 'covered', unref: true, loss: 'silent' }],
    ['linux', 5, { costPer: 'directory', newDirectories: 'covered', unref: true, loss: 'silent' }],
    ['linux', 6, { costPer: 'directory', newDirectories: 'covered', unref: true, loss: 'silent' }],
    [
      'darwin',
      4,
      { costPer: 'entry', newDirectories: 'gap', unref: false, openFileAppends: 'prompt' },
    ],
    [
      'darwin',
      5,
      { costPer: 'entry', newDirectories: 'gap', unref: false, openFileAppends: 'prompt' },
    ],
    [
      'darwin',
      6,
      { costPer: 'root', newDirectories: 'covered', unref: true, openFileAppends: 'on-close' },
    ],
    ['win32', 5, { costPer: 'entry', newDirectories: 'gap', unref: false, loss: 'reported' }],
    ['win32', 6, { costPer: 'root', newDirectories: 'covered', unref: true, loss: 'reported' }],
  ] as const)('on %s with chokidar %d are %o', async (platform, major, expected) => {
    const backend = createOn(major);
    await backend.probe();
    expect(backend.capabilities(at(platform))).toMatchObject(expected);
  });

  it('before the probe are the least that any version promises', () => {
    expect(createOn(6).capabilities(at('darwin'))).toMatchObject({
      costPer: 'entry',
      unref: false,
    });
  });
});

describe('options', () => {
  it.each([
    [{ rootCheckMs: 49 }, /option "rootCheckMs" must be a number of milliseconds from 50, got 49/],
    [{ rootCheckMs: Number.NaN }, /option "rootCheckMs" .* got NaN/],
    [
      Object.fromEntries([['zz', 1]]),
      /Options of createChokidarBackend must be among rootCheckMs, got "zz"/,
    ],
  ])('%o throws a TypeError that names it', (options, message) => {
    expect(() => createChokidarBackend(options)).toThrow(TypeError);
    expect(() => createChokidarBackend(options)).toThrow(message);
  });
});

describe.each(majors)('on chokidar %d', (major) => {
  it.each(['CHOKIDAR_USEPOLLING', 'CHOKIDAR_INTERVAL'])(
    'no file is polled whatever %s says, and the variable stays',
    async (name) => {
      vi.stubEnv(name, name === 'CHOKIDAR_INTERVAL' ? 'often' : '1');
      onTestFinished(() => void vi.unstubAllEnvs());
      const value = process.env[name];
      const before = process.getActiveResourcesInfo();
      const opening = createOn(major).open(createOpenRequest(makeTree('a')), new EventRecorder());
      const subscription = await opening;
      const now = process.getActiveResourcesInfo();
      const watches = (list: readonly string[]): number =>
        list.filter((resource) => resource === 'StatWatcher').length;
      expect(watches(now)).toBe(watches(before));
      expect(process.env[name]).toBe(value);
      await subscription.close();
    },
  );

  it('a directory with a backslash in its name is told, and the rest is watched', async (context) => {
    context.skip(process.platform === 'win32', 'a backslash is no part of a name on Windows');
    const root = makeTree('back\\slash', 'plain');
    const recorder = new EventRecorder();
    const subscription = await createOn(major).open(createOpenRequest(root), recorder);
    await subscription.barrier?.();
    expect(recorder.degradedSince()).toMatchObject([
      {
        code: 'ERR_WATCH_SCOPE_UNSUPPORTED',
        effect: 'partial',
        paths: [join(root, 'back\\slash')],
      },
    ]);
    const mark = recorder.mark();
    mkdirSync(join(root, 'plain', 'new'));
    await subscription.barrier?.();
    expect(recorder.covers(join(root, 'plain', 'new') as AbsPath, mark)).toBe(true);
    await subscription.close();
  });

  it('two subscriptions share one handle per directory, and each closes for itself', async () => {
    const root = makeTree('a', 'b');
    const backend = createOn(major);
    const recorders = [new EventRecorder(), new EventRecorder()] as const;
    const [first, second] = await Promise.all(
      recorders.map((recorder) => backend.open(createOpenRequest(root), recorder)),
    );
    const handles = process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap');
    expect(handles.length).toBeLessThanOrEqual(3);
    await first?.close();
    const mark = recorders[1].mark();
    mkdirSync(join(root, 'a', 'new'));
    await second?.barrier?.();
    expect(recorders[1].covers(join(root, 'a', 'new') as AbsPath, mark)).toBe(true);
    expect(recorders[0].touchesSince()).toEqual([]);
    await second?.close();
  });
});
