import { describe, expect, it } from 'vitest';
import { backendConfigSchema, createWatcher, type BackendConfig } from '../src/index.ts';

const { validate, version, vendor } = backendConfigSchema['~standard'];

describe('backendConfigSchema', () => {
  it('is a Standard Schema of version 1', () => {
    expect({ version, vendor }).toEqual({ version: 1, vendor: 'watchkeeper' });
  });

  it.each<BackendConfig>([
    {},
    { use: 'auto' },
    { use: ['native', './my-backend.js'], fallback: false },
    { rules: [] },
    {
      rules: [
        { match: '/mnt/**', platform: 'linux', fsType: 'nfs*', use: 'poll' },
        { match: '**/*.log', platform: ['darwin', 'win32'], fsType: ['apfs', 'ntfs'], use: ['fs'] },
        { match: 'C:\\data\\**', use: 'fs' },
        { match: '{/a,/b}/**', use: 'fs' },
      ],
    },
    { options: { poll: { intervalMs: 500 }, '@acme/backend': { intervlMs: -1 } } },
    { options: { poll: { intervalMs: 10, maxIntervalMs: 10, budget: 1, sliceMs: 0.5 } } },
    { options: { fs: { rootCheckMs: 50, sliceMs: 1 }, native: { rootCheckMs: 50, sliceMs: 1 } } },
    { options: { chokidar: { rootCheckMs: 50 } } },
  ])('accepts %j', async (config) => {
    expect(await validate(config)).toEqual({ value: config });
  });

  it.each([
    [null, [], 'wanted an object, got null'],
    ['poll', [], 'wanted an object, got string "poll"'],
    [['poll'], [], 'wanted an object, got a list'],
    [
      { fallbak: true },
      ['fallbak'],
      'wanted one of use, rules, fallback, options, got an unknown key',
    ],
    [{ use: 5 }, ['use'], 'wanted a non-empty string, got number 5'],
    [{ use: '' }, ['use'], 'wanted a non-empty string, got string ""'],
    [{ use: [] }, ['use'], 'wanted at least one backend, got an empty list'],
    [{ use: ['fs', null] }, ['use', 1], 'wanted a non-empty string, got null'],
    [{ fallback: 'yes' }, ['fallback'], 'wanted true or false, got string "yes"'],
    [{ rules: {} }, ['rules'], 'wanted a list of rules, got an object'],
    [{ rules: ['poll'] }, ['rules', 0], 'wanted an object, got string "poll"'],
    [{ rules: [{}] }, ['rules', 0, 'use'], 'wanted what to use there, got nothing'],
    [
      { rules: [{ use: 'fs' }, { use: 'fs', path: '/' }] },
      ['rules', 1, 'path'],
      'wanted one of match, platform, fsType, use, got an unknown key',
    ],
    [
      { rules: [{ match: 'logs/**', use: 'fs' }] },
      ['rules', 0, 'match'],
      'wanted a glob on absolute paths, beginning with "/" or "**/", got string "logs/**"',
    ],
    [
      { rules: [{ match: 7, use: 'fs' }] },
      ['rules', 0, 'match'],
      'wanted a non-empty string, got number 7',
    ],
    [
      { rules: [{ platform: ['linux', 'dos'], use: 'fs' }] },
      ['rules', 0, 'platform', 1],
      expect.stringMatching(/^wanted one of aix, .*win32, got string "dos"$/),
    ],
    [
      { rules: [{ fsType: [''], use: 'fs' }] },
      ['rules', 0, 'fsType', 0],
      'wanted a non-empty string, got string ""',
    ],
    [{ options: [] }, ['options'], 'wanted an object of options by backend name, got a list'],
    [{ options: { poll: 500 } }, ['options', 'poll'], 'wanted an object, got number 500'],
    [
      { options: { poll: { intervalMs: -1 } } },
      ['options', 'poll', 'intervalMs'],
      'wanted a number of milliseconds from 10, got number -1',
    ],
    [
      { options: { poll: { intervlMs: 500 } } },
      ['options', 'poll', 'intervlMs'],
      'wanted one of intervalMs, maxIntervalMs, budget, sliceMs, got an unknown key',
    ],
    [
      { options: { fs: { sliceMs: Number.NaN } } },
      ['options', 'fs', 'sliceMs'],
      'wanted a number of milliseconds from 1, got number NaN',
    ],
    [
      { options: { native: { rootCheckMs: '50' } } },
      ['options', 'native', 'rootCheckMs'],
      'wanted a number of milliseconds from 50, got string "50"',
    ],
  ])('refuses %j at path %j', async (config, path, message) => {
    expect(await validate(config)).toEqual({ issues: [{ path, message }] });
  });

  it('lists everything that is wrong, not only the first thing', async () => {
    const result = await validate({ use: 1, fallback: 1, rules: [{ use: 1 }] });
    expect(result.issues?.map(({ path }) => path)).toEqual([
      ['use'],
      ['rules', 0, 'use'],
      ['fallback'],
    ]);
  });
});

describe('createWatcher', () => {
  it.each([
    [
      { poll: { intervalMs: -1 } },
      'options.poll.intervalMs: wanted a number of milliseconds from 10, got number -1',
    ],
    [
      { native: { pollMs: 1 } },
      'options.native.pollMs: wanted one of rootCheckMs, sliceMs, got an unknown key',
    ],
  ])('refuses the options %j at once, by their path', (options, message) => {
    expect(() => createWatcher({ options })).toThrow(new TypeError(`createWatcher: ${message}`));
  });

  it('throws a TypeError that names each option of a wrong config', () => {
    const config = { use: 1, rules: [{ use: '' }] } as never;
    expect(() => createWatcher(config)).toThrow(
      new TypeError(
        'createWatcher: use: wanted a non-empty string, got number 1; ' +
          'rules.0.use: wanted a non-empty string, got string ""',
      ),
    );
  });
});
