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
    { options: { poll: { intervalMs: 500 }, '@acme/backend': {} } },
  ])('accepts %j', async (config) => {
    expect(await validate(config)).toEqual({ value: config });
  });

  it.each([
    [null, [], 'must be an object, got null'],
    ['poll', [], 'must be an object, got string "poll"'],
    [['poll'], [], 'must be an object, got a list'],
    [{ fallbak: true }, ['fallbak'], 'is unknown; known are use, rules, fallback, options'],
    [{ use: 5 }, ['use'], 'must be a non-empty string, got number 5'],
    [{ use: '' }, ['use'], 'must be a non-empty string, got string ""'],
    [{ use: [] }, ['use'], 'must name at least one backend'],
    [{ use: ['fs', null] }, ['use', 1], 'must be a non-empty string, got null'],
    [{ fallback: 'yes' }, ['fallback'], 'must be true or false, got string "yes"'],
    [{ rules: {} }, ['rules'], 'must be a list of rules, got an object'],
    [{ rules: ['poll'] }, ['rules', 0], 'must be an object, got string "poll"'],
    [{ rules: [{}] }, ['rules', 0, 'use'], 'is required: what to use there'],
    [
      { rules: [{ use: 'fs' }, { use: 'fs', path: '/' }] },
      ['rules', 1, 'path'],
      'is unknown; known are match, platform, fsType, use',
    ],
    [
      { rules: [{ match: 'logs/**', use: 'fs' }] },
      ['rules', 0, 'match'],
      'must be a glob on absolute paths, beginning with "/" or "**/", got string "logs/**"',
    ],
    [
      { rules: [{ match: 7, use: 'fs' }] },
      ['rules', 0, 'match'],
      'must be a non-empty string, got number 7',
    ],
    [
      { rules: [{ platform: ['linux', 'dos'], use: 'fs' }] },
      ['rules', 0, 'platform', 1],
      expect.stringMatching(/^must be one of aix, .*win32, got string "dos"$/),
    ],
    [
      { rules: [{ fsType: [''], use: 'fs' }] },
      ['rules', 0, 'fsType', 0],
      'must be a non-empty string, got string ""',
    ],
    [{ options: [] }, ['options'], 'must be an object of options by backend name, got a list'],
    [{ options: { poll: 500 } }, ['options', 'poll'], 'must be an object, got number 500'],
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
  it('throws a TypeError that names each option of a wrong config', () => {
    const config = { use: 1, rules: [{ use: '' }] } as never;
    expect(() => createWatcher(config)).toThrow(
      new TypeError(
        'createWatcher: option "use" must be a non-empty string, got number 1; ' +
          'option "rules.0.use" must be a non-empty string, got string ""',
      ),
    );
  });
});
