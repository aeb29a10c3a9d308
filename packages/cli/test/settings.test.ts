import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { systemClock } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';

import type { CommandIo } from '../src/index.ts';
import { type GlobalOptions, readSettings, type Settings } from '../src/settings.ts';
import { Bench } from './support/bench.ts';

const silent = { isTerminal: false, write: async () => undefined };

function settingsOf(
  bench: Bench,
  options: Partial<GlobalOptions> = {},
  env: CommandIo['env'] = {},
  isTerminal = false,
): Settings {
  const { directory } = bench;
  const { signal } = new AbortController();
  const stdout = { ...silent, isTerminal };
  const io = {
    stdout,
    stderr: silent,
    env,
    home: directory,
    cwd: directory,
    signal,
    clock: systemClock,
  };
  return readSettings({ color: true, ...options }, io);
}

describe('the database', () => {
  it('lies where the XDG specification says, unless told otherwise', () => {
    const bench = new Bench();
    const { directory } = bench;
    const home = join(directory, '.local/share/watchkeeper/watchkeeper.db');
    expect(settingsOf(bench).database).toBe(home);
    expect(settingsOf(bench, {}, { XDG_DATA_HOME: '/data' }).database).toBe(
      join('/data', 'watchkeeper', 'watchkeeper.db'),
    );
    expect(settingsOf(bench, {}, { XDG_DATA_HOME: 'relative' }).database).toBe(home);
    expect(settingsOf(bench, {}, { WATCHKEEPER_DB: 'x.db' }).database).toBe(
      join(directory, 'x.db'),
    );
    expect(settingsOf(bench, { db: 'y.db' }, { WATCHKEEPER_DB: 'x.db' }).database).toBe(
      join(directory, 'y.db'),
    );
  });
});

describe('the roots', () => {
  it('are those of the agents, which need not exist', () => {
    const bench = new Bench();
    const { directory } = bench;
    expect(settingsOf(bench).roots).toEqual([join(directory, '.claude', 'projects')]);
    expect(settingsOf(bench, {}, { CLAUDE_CONFIG_DIR: '/c' }).roots).toEqual(['/c/projects']);
  });

  it('are those of the variable, and those of the option before it', () => {
    const bench = new Bench();
    const other = join(bench.directory, 'other');
    mkdirSync(other);
    const env = { WATCHKEEPER_ROOTS: [bench.root, other].join(delimiter) };
    expect(settingsOf(bench, {}, env).roots).toEqual([bench.root, other]);
    expect(settingsOf(bench, { root: ['other'] }, env).roots).toEqual([other]);
  });

  it('must exist when somebody named them', () => {
    const bench = new Bench();
    const missing = join(bench.directory, 'missing');
    expect(() => settingsOf(bench, { root: ['missing'] })).toThrow(
      `--root: ${missing} does not exist; name`,
    );
    expect(() => settingsOf(bench, {}, { WATCHKEEPER_ROOTS: missing })).toThrow(
      `WATCHKEEPER_ROOTS: ${missing} does not exist; name`,
    );
    writeFileSync(missing, '');
    expect(() => settingsOf(bench, { root: ['missing'] })).toThrow('is not a directory');
  });
});

describe('colours', () => {
  it.each([
    [true, {}, {}, true],
    [false, {}, {}, false],
    [true, { color: false }, {}, false],
    [true, {}, { NO_COLOR: '1' }, false],
    [true, {}, { NO_COLOR: '' }, true],
    [true, {}, { TERM: 'dumb' }, false],
  ] as const)(
    'on a terminal: %s, options %j, environment %j: %s',
    (terminal, options, env, colors) => {
      expect(settingsOf(new Bench(), options, env, terminal).colors).toBe(colors);
    },
  );
});

describe('the backends', () => {
  it.each([
    [undefined, null],
    ['auto', null],
    ['poll', ['poll']],
    ['native, poll', ['native', 'poll']],
  ])('%s is %j', (backend, backends) => {
    const options = backend === undefined ? {} : { backend };
    expect(settingsOf(new Bench(), options).backends).toEqual(backends);
  });
});
