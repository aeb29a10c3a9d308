import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isWatchError } from '@watchkeeper/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { importForApplication } from '../src/application-import.ts';
import { loadBackend } from '../src/index.ts';
import { made } from './fixtures/manual-module.ts';

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);

describe('loadBackend', () => {
  it.each(['fs', 'poll', 'chokidar', 'native'])(
    'makes the backend %j of this family',
    async (name) => {
      const backend = await loadBackend(name);
      expect(backend.name).toBe(name);
      expect(await backend.probe()).toMatchObject({ usable: true });
    },
  );

  it('passes options to the factory, whose refusal is a TypeError', async () => {
    await expect(loadBackend('poll', { intervalMs: -1 })).rejects.toThrow(
      /createPollBackend: option "intervalMs"/,
    );
    await expect(loadBackend('poll', { intervalMs: -1 })).rejects.toBeInstanceOf(TypeError);
  });

  it('refuses auto, which is a choice', async () => {
    await expect(loadBackend('auto')).rejects.toThrow(
      new TypeError('loadBackend: "name" must name one backend, got "auto"'),
    );
  });

  it('calls createBackend of a module of somebody else with the options', async () => {
    const backend = await loadBackend(fixture('manual-module.ts'), { speed: 'high' });
    expect(backend.name).toBe('third-party');
    expect(made.at(-1)?.options).toEqual({ speed: 'high' });
  });

  it.each([
    ['a path from the working directory', `./${relative('', fixture('single-factory.ts'))}`],
    ['an absolute path', fixture('single-factory.ts')],
    ['a file URL', pathToFileURL(fixture('single-factory.ts')).href],
  ])('finds a module by %s, and its only factory', async (_, specifier) => {
    expect((await loadBackend(specifier)).name).toBe('acme');
  });

  it.each([
    ['two-factories.ts', /exports 2 backend factories \(createFirstBackend, createSecondBackend\)/],
    ['no-factory.ts', /exports no backend factory/],
    ['not-a-backend.ts', /made something that is not a watch backend/],
  ])('refuses %s with ERR_WATCH_BACKEND_UNSUPPORTED', async (name, message) => {
    const error = await loadBackend(fixture(name)).catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code: 'ERR_WATCH_BACKEND_UNSUPPORTED',
      backend: fixture(name),
      remedy: 'export createBackend(options), which returns a WatchBackend',
    });
    expect(String(error)).toMatch(message);
  });

  it('reports a module that throws with its error', async () => {
    await expect(loadBackend(fixture('broken-module.ts'))).rejects.toMatchObject({
      code: 'ERR_WATCH_BACKEND_FAILED',
      cause: expect.objectContaining({ message: 'broken on purpose' }),
    });
  });

  it('says that a module for which no file could be opened may be had later', async () => {
    await expect(loadBackend(fixture('out-of-descriptors.ts'))).rejects.toMatchObject({
      code: 'ERR_WATCH_LIMIT_FILES',
      retryable: true,
      cause: expect.objectContaining({ code: 'EMFILE' }),
    });
  });

  it.each([
    ['no-such-backend', 'run: npm install no-such-backend'],
    ['@acme/no-such-backend', 'run: npm install @acme/no-such-backend'],
    ['@acme/none', 'run: npm install @acme/none'],
    ['@acme/no-such-backend/deep.js', 'run: npm install @acme/no-such-backend'],
    ['watchkeeper-none/deep', 'run: npm install watchkeeper-none'],
  ])('tells how to install the missing package %s', async (name, remedy) => {
    const error = await loadBackend(name).catch((cause: unknown) => cause);
    expect(isWatchError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ERR_WATCH_BACKEND_MISSING', backend: name, remedy });
  });

  const known = 'se auto, fs, poll, chokidar, native or a module specifier';

  it.each([
    ['pol', 'poll'],
    ['Poll', 'poll'],
    ['polling', 'poll'],
    ['sf', 'fs'],
    ['fz', 'fs'],
    ['chokdiar', 'chokidar'],
    ['natvie', 'native'],
    ['auot', 'auto'],
  ])('takes %s for a slip, and not for a package of a stranger', async (name, closest) => {
    await expect(loadBackend(name)).rejects.toMatchObject({
      code: 'ERR_WATCH_BACKEND_MISSING',
      message: `No backend is called "${name}"; did you mean ${closest}? U${known}`,
      remedy: `did you mean ${closest}? U${known}`,
    });
  });

  it.each(['inotify', 'watcher', 'backend', 'x', 'a watch; rm it'])(
    'names what there is instead of %j',
    async (name) => {
      await expect(loadBackend(name)).rejects.toMatchObject({
        code: 'ERR_WATCH_BACKEND_MISSING',
        message: `No backend is called "${name}"; u${known}`,
        remedy: `u${known}`,
      });
    },
  );

  it.each(['lib/mine.js', 'my-backend.mjs'])('takes %s for a file', async (name) => {
    await expect(loadBackend(name)).rejects.toMatchObject({
      code: 'ERR_WATCH_BACKEND_MISSING',
      remedy: `write ./${name}, if it is a file`,
    });
  });

  it('does not tell to install a missing file', async () => {
    await expect(loadBackend('./no-such-file.js')).rejects.toMatchObject({
      code: 'ERR_WATCH_BACKEND_MISSING',
      remedy: `create it, or correct the path (relative to ${process.cwd()})`,
    });
  });
});

describe('importForApplication', () => {
  it('finds a package only the application can see', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-app-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const home = join(directory, 'node_modules', 'only-here');
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, 'package.json'),
      JSON.stringify({ name: 'only-here', type: 'module', exports: './index.js' }),
    );
    writeFileSync(join(home, 'index.js'), 'export const found = true;\n');
    expect(await importForApplication('only-here', directory)).toMatchObject({ found: true });
  });
});
