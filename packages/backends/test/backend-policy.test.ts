import type { AbsPath, Place, Scope } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import type { BackendConfig } from '../src/index.ts';
import { BackendPolicy, type PolicyDecision } from '../src/backend-policy.ts';
import { applyEnvironment } from '../src/environment.ts';

const TREE: Scope = { kind: 'tree' };

function place(facts: Partial<Omit<Place, 'path'>> & { readonly path?: string }): Place {
  return {
    platform: 'linux',
    fsType: 'ext4',
    shared: false,
    caseSensitive: true,
    ...facts,
    path: (facts.path ?? '/data') as AbsPath,
  };
}

function decide(
  config: BackendConfig,
  at: Place,
  scope: Scope = TREE,
  environment: Readonly<Record<string, string>> = {},
): PolicyDecision {
  return new BackendPolicy(applyEnvironment(config, environment)).decide({ place: at, scope });
}

describe('auto decides by place', () => {
  const events = ['fs', 'poll'];
  const polling = ['poll'];
  it.each([
    [{ fsType: 'ext4', shared: false }, events, /ext4 is local/],
    [{ fsType: 'xfs', shared: false }, events, /xfs is local/],
    [{ fsType: 'tmpfs', shared: false }, events, /tmpfs is local/],
    [{ fsType: 'overlay', shared: false }, events, /overlay is local/],
    [{ fsType: 'apfs', shared: false, platform: 'darwin' }, events, /apfs is local/],
    [{ fsType: 'nfs4', shared: true }, polling, /nfs4 may be written from outside/],
    [{ fsType: 'cifs', shared: true }, polling, /cifs may be written from outside/],
    [{ fsType: 'smb3', shared: true }, polling, /smb3 may be written from outside/],
    [{ fsType: '9p', shared: true }, polling, /9p may be written from outside/],
    [{ fsType: 'virtiofs', shared: true }, polling, /virtiofs may be written from outside/],
    [{ fsType: 'fuse.sshfs', shared: true }, polling, /fuse.sshfs may be written from outside/],
    [{ fsType: 'ext4', shared: true }, polling, /ext4 may be written from outside/],
    [{ fsType: 'proc', shared: false }, polling, /proc is made up at each read/],
    [{ fsType: 'sysfs', shared: false }, polling, /sysfs is made up at each read/],
    [{ fsType: 'newfs', shared: 'unknown' }, polling, /nobody can tell who else writes to newfs/],
    [{ fsType: 'unknown', shared: 'unknown' }, polling, /who else writes to this file system/],
    [
      { fsType: 'unknown', shared: 'unknown', platform: 'win32', path: 'C:\\data' },
      events,
      /drive of this machine/,
    ],
    [
      { fsType: 'unknown', shared: 'unknown', platform: 'win32', path: '\\\\server\\share' },
      polling,
      /nobody can tell/,
    ],
  ] as const)('%o goes to %j', (facts, names, because) => {
    const decision = decide({}, place(facts));
    expect(decision.names).toEqual(names);
    expect(decision.because).toMatch(because);
  });

  it('says why event backends are not used where writers are unseen', () => {
    const { rejected } = decide({}, place({ fsType: 'nfs4', shared: true }));
    expect(rejected.map(({ name }) => name)).toEqual(['fs', 'chokidar', 'native']);
    for (const { because } of rejected) expect(because).toMatch(/nfs4 may be written/);
  });

  it('says which backends must be asked for', () => {
    const because = 'nothing asks for it at this place';
    expect(decide({}, place({})).rejected).toEqual([
      { name: 'chokidar', because },
      { name: 'native', because },
    ]);
  });
});

describe('the config decides before the place', () => {
  it.each([
    [{ use: 'poll' }, ['poll', 'fs'], /the config asks for poll/],
    [{ use: 'native' }, ['native', 'fs', 'poll'], /the config asks for native/],
    [{ use: ['native', 'fs'] }, ['native', 'fs', 'poll'], /asks for native, fs/],
    [{ use: ['native', 'auto'] }, ['native', 'fs', 'poll'], /asks for native, auto/],
    [{ use: ['auto', 'native'] }, ['fs', 'poll', 'native'], /ext4 is local/],
    [{ use: '@acme/backend' }, ['@acme/backend', 'fs', 'poll'], /asks for @acme\/backend/],
    [{ use: 'native', fallback: false }, ['native'], /asks for native/],
    [{ use: ['native', 'fs'], fallback: false }, ['native'], /asks for native, fs/],
    [{ fallback: false }, ['fs'], /ext4 is local/],
  ] as const)('%o orders %j', (config, names, because) => {
    const decision = decide(config, place({}));
    expect(decision.names).toEqual(names);
    expect(decision.because).toMatch(because);
  });

  it('falls back to polling only where writers are unseen', () => {
    const decision = decide({ use: 'native' }, place({ fsType: 'nfs4', shared: true }));
    expect(decision.names).toEqual(['native', 'poll']);
  });

  it('says which preferences are void without fallback', () => {
    const { rejected } = decide({ use: ['native', 'fs'], fallback: false }, place({}));
    expect(rejected).toEqual([
      { name: 'fs', because: 'fallback is off, and it is not the first' },
      { name: 'poll', because: 'nothing asks for it at this place' },
      { name: 'chokidar', because: 'nothing asks for it at this place' },
    ]);
  });
});

describe('the first rule whose conditions all hold decides', () => {
  const file = (name: string): Scope => ({ kind: 'names', names: new Set([name]) });
  it.each([
    ['the path itself', { match: '/data' }, place({}), TREE, true],
    [
      'a pattern of what lies below also matches the top',
      { match: '/data/**' },
      place({}),
      TREE,
      true,
    ],
    ['below', { match: '/data/**' }, place({ path: '/data/a/.b' }), TREE, true],
    ['beside', { match: '/data/**' }, place({ path: '/database' }), TREE, false],
    ['any depth', { match: '**/logs' }, place({ path: '/srv/app/logs' }), TREE, true],
    ['braces', { match: '/{mnt,media}/**' }, place({ path: '/media/disk' }), TREE, true],
    ['a watched file', { match: '**/*.json' }, place({}), file('a.json'), true],
    ['another file', { match: '**/*.json' }, place({}), file('a.txt'), false],
    ['a directory has no file name', { match: '**/*.json' }, place({}), TREE, false],
    ['case where names fold', { match: '/DATA/**' }, place({ caseSensitive: false }), TREE, true],
    ['case where they do not', { match: '/DATA/**' }, place({}), TREE, false],
    ['the platform', { platform: 'linux' }, place({}), TREE, true],
    ['another platform', { platform: ['darwin', 'win32'] }, place({}), TREE, false],
    ['a type', { fsType: 'ext4' }, place({}), TREE, true],
    ['one of several types', { fsType: ['xfs', 'ext4'] }, place({}), TREE, true],
    ['a glob of types', { fsType: 'fuse*' }, place({ fsType: 'fuse.sshfs' }), TREE, true],
    ['another type', { fsType: 'nfs*' }, place({}), TREE, false],
    ['all of several conditions', { match: '/data', fsType: 'ext4' }, place({}), TREE, true],
    ['one of several conditions only', { match: '/data', fsType: 'xfs' }, place({}), TREE, false],
    ['no condition', {}, place({}), TREE, true],
  ] as const)('%s: %o', (_, conditions, at, scope, holds) => {
    const { names, because } = decide({ rules: [{ ...conditions, use: 'native' }] }, at, scope);
    expect(names[0]).toBe(holds ? 'native' : 'fs');
    expect(because).toMatch(holds ? /^rule 1 \(.+\) asks for native$/ : /ext4 is local|is local/);
  });

  it('does not look further', () => {
    const rules = [
      { match: '/other', use: 'fs' },
      { match: '/data', use: 'poll' },
      { match: '/data', use: 'native' },
    ];
    const decision = decide({ use: 'native', rules }, place({}));
    expect(decision.names[0]).toBe('poll');
    expect(decision.because).toBe('rule 2 (path /data) asks for poll');
  });

  it('may send a path back to the place', () => {
    const rules = [{ match: '/data/**', use: 'auto' }];
    expect(decide({ use: 'poll', rules }, place({})).names[0]).toBe('fs');
  });
});

describe('the environment decides before all', () => {
  const config: BackendConfig = { use: 'fs', rules: [{ use: 'native' }] };

  it('replaces use and rules by WATCHKEEPER_BACKEND', () => {
    const decision = decide(config, place({}), TREE, { WATCHKEEPER_BACKEND: 'poll' });
    expect(decision.names).toEqual(['poll', 'fs']);
    expect(decision.because).toBe('WATCHKEEPER_BACKEND asks for poll');
  });

  it('takes several names, in order', () => {
    const environment = { WATCHKEEPER_BACKEND: ' native , poll ' };
    expect(decide(config, place({}), TREE, environment).names).toEqual(['native', 'poll', 'fs']);
  });

  it('sends everything to the place with auto', () => {
    const decision = decide(config, place({}), TREE, { WATCHKEEPER_BACKEND: 'auto' });
    expect(decision.names).toEqual(['fs', 'poll']);
    expect(decision.because).toMatch(/local/);
  });

  it('counts an empty variable as unset', () => {
    const decision = decide(config, place({}), TREE, { WATCHKEEPER_BACKEND: '' });
    expect(decision.names[0]).toBe('native');
  });
});
