import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWatcher, type BackendConfig } from '../../src/index.ts';
import { diagnose, type DiagnoseOptions, type DiagnosisProgress } from '../../src/doctor.ts';
import { scratch } from './support/scratch.ts';

const quiet = { environment: {}, probe: false } as const;

describe('diagnose', () => {
  it('says what is chosen, tries it out, and leaves nothing behind', async () => {
    const directory = scratch();
    const { ok, places } = await diagnose(directory, { environment: {} });
    expect(ok).toBe(true);
    expect(places).toMatchObject([
      {
        path: directory,
        subject: { kind: 'directory' },
        tree: { directories: 1, entries: 0 },
        probe: { outcome: 'ran' },
      },
    ]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each<[BackendConfig, string]>([
    [{}, 'fs'],
    [{ use: 'poll' }, 'poll'],
    [{ use: ['native', 'fs'] }, 'native'],
    [{ rules: [{ match: '/**', use: 'poll' }] }, 'poll'],
  ])('chooses with %j what a watcher would, and for the same reason', async (config, name) => {
    const directory = scratch();
    const { chosen, because } = await createWatcher(config).explain(directory);
    const { places } = await diagnose(directory, { ...quiet, config });
    const serving = places[0]?.backends.find(({ role }) => role === 'chosen');
    expect(serving).toMatchObject({ name: chosen, because });
    expect(chosen).toBe(name);
  });

  it('calls the config what it is told to, and what stands in by what it stands in for', async () => {
    const options = { ...quiet, configName: '--backend' };
    const because = async (use: string): Promise<unknown> => {
      const { places } = await diagnose(scratch(), { ...options, config: { use } });
      const { name, because } = places[0]?.backends.find(({ role }) => role === 'chosen') ?? {};
      return [name, because];
    };
    expect(await because('poll')).toEqual(['poll', '--backend asks for poll']);
    expect(await because('pol')).toEqual(['fs', 'it stands in for pol']);
  });

  it('lets a variable that wins stand as the reason', async () => {
    const environment = { WATCHKEEPER_BACKEND: 'poll' };
    const options = { environment, probe: false, configName: '--backend', config: { use: 'fs' } };
    const { places } = await diagnose(scratch(), options);
    expect(places[0]?.backends[0]?.because).toBe('WATCHKEEPER_BACKEND asks for poll');
  });

  it('is not well when what is asked for is not installed, and says how to install it', async () => {
    const { ok, places } = await diagnose(scratch(), { ...quiet, config: { use: '@acme/none' } });
    expect(ok).toBe(false);
    expect(places[0]?.findings[0]).toMatchObject({
      level: 'error',
      code: 'backend-unusable',
      remedy: ['run: npm install @acme/none'],
    });
    expect(places[0]?.backends[0]).toMatchObject({
      name: '@acme/none',
      role: 'unused',
      asked: true,
    });
  });

  it('judges the environment it is given', async () => {
    const environment = { WATCHKEEPER_BACKEND: 'poll', WATCHKEEPER_POLL_INTERVAL_MS: '1' };
    const { ok, machine, places } = await diagnose(scratch(), { environment, probe: false });
    expect(ok).toBe(false);
    expect(machine.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['environment', 'environment-invalid']),
    );
    expect(places[0]?.backends[0]).toMatchObject({ name: 'poll', role: 'chosen' });
  });

  it('waits for a file in its directory, and counts no tree for it', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'log'), '');
    const paths = ['log', 'soon/log'].map((name) => join(directory, name));
    const { ok, places } = await diagnose(paths, quiet);
    expect(ok).toBe(true);
    expect(places.map(({ subject, tree }) => [subject.kind, tree?.directories])).toEqual([
      ['file', 1],
      ['missing', 1],
    ]);
  });

  it('tries nothing out beside a loop of links', async () => {
    const loop = join(scratch(), 'loop');
    symlinkSync('loop', loop);
    const { ok, places } = await diagnose(loop, { environment: {} });
    expect(ok).toBe(false);
    expect(places).toMatchObject([
      {
        tree: null,
        probe: { outcome: 'skipped', because: `${loop} cannot be looked at` },
        findings: [{ level: 'error', code: 'path-loop' }],
      },
    ]);
  });

  it('tells that /proc cannot be followed', async ({ skip }) => {
    skip(process.platform !== 'linux', 'only Linux has /proc');
    const { ok, places } = await diagnose('/proc/sys/fs/inotify', { environment: {} });
    expect(ok).toBe(true);
    expect(places[0]?.findings).toMatchObject([
      { level: 'ok', code: 'backend', message: expect.stringContaining('poll watches') },
      { level: 'warning', code: 'place-virtual' },
      { level: 'warning', code: 'probe-skipped' },
    ]);
  });

  it('tells how far it is, and survives JSON', async () => {
    const steps: DiagnosisProgress[] = [];
    const onProgress = (step: DiagnosisProgress): void => void steps.push(step);
    const diagnosis = await diagnose(scratch(), { ...quiet, onProgress });
    expect(new Set(steps.map(({ phase }) => phase))).toEqual(
      new Set(['looking', 'counting', 'probing']),
    );
    expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis);
  });

  it('leaves out what was not looked at when it is stopped', async () => {
    const { places } = await diagnose(scratch(), { ...quiet, signal: AbortSignal.abort() });
    expect(places).toEqual([]);
  });

  it.each<[Parameters<typeof diagnose>, RegExp]>([
    [[[]], /must name at least one path/],
    [[''], /must be paths that are not empty, got ""/],
    [['a\0b'], /got "a\\u0000b"/],
    [['.', { configName: '' }], /"configName" must be a text that is not empty, got ""/],
    [['.', { config: { use: [] } }], /config: use: wanted at least one backend/],
  ])('refuses %j', async (args, message) => {
    await expect(diagnose(...args)).rejects.toThrow(message);
    await expect(diagnose(...args)).rejects.toBeInstanceOf(TypeError);
  });

  it('refuses an option it does not know', async () => {
    const options: DiagnoseOptions & { porbe: boolean } = { porbe: false };
    await expect(diagnose('.', options)).rejects.toThrow(/got "porbe"/);
  });
});
