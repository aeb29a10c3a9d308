import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createConfig } from '../src/index.ts';
import type { ConfigOptions } from '../src/index.ts';
import { createRig, file, schema } from './fixtures/rig.ts';

const base = resolve('base.toml');

describe('the first load', () => {
  test('publishes generation 1, validated and frozen, after one read of a file at rest', async () => {
    const { config, fs } = createRig({ files: { [file]: 'port: 80\nlog:\n  level: warn\n' } });
    const snapshot = await config.ready;
    expect(snapshot).toMatchObject({
      generation: 1,
      reason: 'initial',
      value: { name: 'app', port: 80, log: { level: 'warn' } },
    });
    expect(snapshot.sources[0]).toMatchObject({ path: file, state: 'ok', bytes: 28 });
    expect(config.get('log.level')).toBe('warn');
    expect(config.get()).toBe(snapshot.value);
    expect(() => Object.assign(snapshot.value.log, { level: 'debug' })).toThrow(TypeError);
    expect(fs.reads).toEqual([file]);
  });

  test('lays later layers over earlier ones, key by key', async () => {
    const { config } = createRig({
      files: { [base]: 'port = 1\nname = "base"\n[log]\nlevel = "warn"\n', [file]: 'port: 2\n' },
      layers: [
        { kind: 'defaults', value: { port: 0, name: 'none' } },
        { kind: 'file', path: base },
        { kind: 'file', path: file },
        { kind: 'flags', value: { log: { level: 'debug' } } },
      ],
    });
    expect((await config.ready).value).toEqual({ name: 'base', port: 2, log: { level: 'debug' } });
  });

  test('goes on without a file that is not required', async () => {
    const { clock, config, fs, watcher } = createRig({
      files: {},
      layers: [
        { kind: 'defaults', value: { port: 1 } },
        { kind: 'file', path: file, required: false },
      ],
    });
    expect((await config.ready).value.port).toBe(1);
    fs.replace(file, 'port: 2\n');
    watcher.hint();
    await clock.advance(400);
    expect(config.snapshot()).toMatchObject({ generation: 2, value: { port: 2 } });
  });

  test('rejects with file, line, column and frame, and recovers when the file is repaired', async () => {
    const { clock, config, fs, told, watcher } = createRig({
      files: { [file]: 'name: x\nport: 70000\n' },
    });
    await expect(config.ready).rejects.toMatchObject({
      code: 'E_SCHEMA',
      file,
      position: { line: 2, column: 7 },
      frame: '  1 | name: x\n> 2 | port: 70000\n    |       ^\n  3 |',
      issues: [{ path: ['port'] }],
    });
    expect(() => config.get()).toThrow(/There is no configuration yet/u);
    expect(config.status()).toMatchObject({ state: 'degraded', generation: 0 });
    fs.write(file, 'name: x\nport: 7000\n');
    watcher.hint();
    await clock.advance(2000);
    expect(config.snapshot()).toMatchObject({ generation: 1, reason: 'file' });
    expect(told()).toEqual(['rejected', 'recovered', 'changed']);
  });

  test('leaves no timer behind when it fails and nobody listens', async () => {
    const { clock, config } = createRig({ files: { [file]: 'port: [' }, listening: false });
    await expect(config.ready).rejects.toMatchObject({ code: 'E_PARSE' });
    expect(clock.pending).toBe(0);
  });

  test('names the file of a schema error among several', async () => {
    const { config } = createRig({
      files: { [base]: 'name = 7\nport = 0\n', [file]: 'port: 70000\n' },
      layers: [
        { kind: 'file', path: base },
        { kind: 'file', path: file },
      ],
    });
    await expect(config.ready).rejects.toMatchObject({
      file: base,
      issues: [
        { path: ['name'], file: base, position: { line: 1, column: 8 } },
        { path: ['port'], file, position: { line: 1, column: 7 } },
      ],
    });
  });

  test('reports a missing file by name', async () => {
    const { config } = createRig({ files: {} });
    await expect(config.ready).rejects.toMatchObject({ code: 'E_NOT_FOUND', file });
  });

  test('refuses a file above its limit without reading it', async () => {
    const { config, fs } = createRig({
      files: { [file]: `port: 80 # ${'x'.repeat(100)}\n` },
      layers: [{ kind: 'file', path: file, guard: { maxBytes: 64 } }],
    });
    await expect(config.ready).rejects.toMatchObject({ code: 'E_TOO_LARGE', file });
    expect(fs.reads).toEqual([]);
  });

  test('waits for asynchronous schemas and keeps what they make', async () => {
    const checked = z.object({
      port: z.number().refine(async (port) => Promise.resolve(port !== 13)),
      since: z.string().transform((text) => new Date(text)),
    });
    const { clock, fs, watcher } = createRig();
    fs.write(file, 'port: 80\nsince: 2026-01-01\n');
    const config = createConfig({
      schema: checked,
      layers: [{ kind: 'file', path: file }],
      clock,
      fs,
      watcher,
    });
    const ready = config.ready;
    await clock.advance(100);
    expect((await ready).value.since).toEqual(new Date('2026-01-01'));
    fs.write(file, 'port: 13\nsince: 2026-01-01\n');
    const reload = config.reload();
    await clock.advance(100);
    expect(await reload).toMatchObject({ status: 'rejected', error: { code: 'E_SCHEMA' } });
    await config.close();
  });
});

describe('options', () => {
  const layers = [{ kind: 'file', path: 'app.yaml' }] as const;
  test.each<[string, object, RegExp]>([
    ['no layer', { layers: [] }, /^layers: wanted at least one layer/u],
    ['an unknown layer', { layers: [{ kind: 'vault' }] }, /^layers\[0\]\.kind: wanted/u],
    ['an unknown extension', { layers: [{ kind: 'file', path: 'a.ini' }] }, /^layers\[0\]\.path/u],
    [
      'an unknown format',
      { layers: [{ kind: 'file', path: 'a', format: 'ini' }] },
      /^layers\[0\]\.format: wanted one of json/u,
    ],
    [
      'values that are no object',
      { layers: [{ kind: 'flags', value: 3 }] },
      /^layers\[0\]\.value/u,
    ],
    ['no schema', { layers, schema: undefined }, /^schema: wanted a Standard Schema/u],
    ['a negative time', { layers, timing: { settleMs: -1 } }, /^timing\.settleMs/u],
    ['an unknown time', { layers, timing: { debounceMs: 1 } }, /^timing\.debounceMs/u],
    ['a net that never rests', { layers, timing: { reconcileMs: 0 } }, /^timing\.reconcileMs/u],
    ['no place to run', { layers, fanout: { concurrency: 0 } }, /^fanout\.concurrency/u],
    ['an unknown mode', { layers, watch: 'sometimes' }, /^watch: wanted lazy, eager or off/u],
    [
      'an unknown option',
      { layers, lingerMS: 5 },
      /^options\.lingerMS: wanted one of schema, layers, .*random, got an unknown option$/u,
    ],
    ['an unknown key of a file', { layers: [{ ...layers[0], wath: true }] }, /^layers\[0\]\.wath/u],
    [
      'an unknown limit of a file',
      { layers: [{ ...layers[0], guard: { maxByte: 1 } }] },
      /^layers\[0\]\.guard\.maxByte: wanted one of maxBytes, got an unknown option$/u,
    ],
    [
      'an unknown key of values',
      { layers: [{ kind: 'flags', value: {}, path: 'a' }] },
      /^layers\[0\]\.path: wanted one of kind, value/u,
    ],
    ['a layer that is none', { layers: ['app.yaml'] }, /^layers\[0\]: wanted an object, got "app/u],
    ['no layers', { layers: undefined }, /^layers: wanted at least one layer, got undefined$/u],
    ['a fan-out that is none', { layers, fanout: 8 }, /^fanout: wanted an object, got 8$/u],
    ['an unknown fan-out', { layers, fanout: { window: 1 } }, /^fanout\.window: wanted one of/u],
    ['an unknown retry', { layers, fanout: { retry: { tries: 1 } } }, /^fanout\.retry\.tries/u],
    ['a time that is text', { layers, lingerMs: '5' }, /^lingerMs: wanted .*, got "5"$/u],
    ['timing that is none', { layers, timing: null }, /^timing: wanted an object, got null$/u],
    [
      'a flag that is none',
      { layers, persistent: 1 },
      /^persistent: wanted true or false, got 1$/u,
    ],
    ['a watcher that cannot watch', { layers, watcher: {} }, /^watcher\.watch: wanted a function/u],
    [
      'a clock that is none',
      { layers, clock: { now: () => 0 } },
      /^clock\.wallNow: wanted a func/u,
    ],
    ['a file system that is none', { layers, fs: true }, /^fs: wanted an object, got true$/u],
    [
      'a signal that is none',
      { layers, signal: {} },
      /^signal: wanted an AbortSignal, got an obj/u,
    ],
    ['chance that is none', { layers, random: 0.5 }, /^random: wanted a function, got 0\.5$/u],
  ])('%s is a TypeError that says what was wanted', (_title, given, message) => {
    const options = { schema, ...given } as ConfigOptions<typeof schema>;
    expect(() => createConfig(options)).toThrow(TypeError);
    expect(() => createConfig(options)).toThrow(message);
  });

  test.each([
    [undefined, 'options: wanted an object, got undefined'],
    [null, 'options: wanted an object, got null'],
    ['app.yaml', 'options: wanted an object, got "app.yaml"'],
    [[], 'options: wanted an object, got a list'],
    [{}, 'schema: wanted a Standard Schema (zod, valibot, arktype …), got undefined'],
  ])('%j in place of options is a TypeError that says so', (given, message) => {
    expect(() => createConfig(given as never)).toThrow(new TypeError(message));
  });

  test.each([
    [undefined, 'session: wanted an object, got undefined'],
    [{ id: '', apply: () => {} }, 'session.id: wanted a name, got ""'],
    [{ id: 'a' }, 'session.apply: wanted a function, got undefined'],
    [
      { id: 'a', apply: () => {}, aply: 1 },
      'session.aply: wanted one of id, signal, select, equals, apply, got an unknown option',
    ],
    [{ id: 'a', apply: () => {}, select: 'port' }, 'session.select: wanted a function, got "port"'],
  ])('a session with %j is a TypeError that says what was wanted', (given, message) => {
    const { config } = createRig();
    expect(() => config.session(given as never)).toThrow(new TypeError(message));
  });

  test.each([
    [null, 'options: wanted an object, got null'],
    [
      { imediate: true },
      'options.imediate: wanted one of signal, immediate, equals, got an unknown option',
    ],
    [{ immediate: 'yes' }, 'immediate: wanted true or false, got "yes"'],
    [{ equals: true }, 'equals: wanted a function, got true'],
    [{ signal: 'now' }, 'signal: wanted an AbortSignal, got "now"'],
  ])('a subscription with %j is a TypeError that says what was wanted', (given, message) => {
    const { config } = createRig();
    expect(() => config.on('port', () => {}, given as never)).toThrow(new TypeError(message));
  });
});
