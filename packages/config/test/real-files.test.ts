import { execFile } from 'node:child_process';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createWatcher } from '@watchkeeper/backends';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createConfig } from '../src/index.ts';
import type { ConfigManager, Layer } from '../src/index.ts';
import { schema } from './fixtures/rig.ts';
import type { Settings } from './fixtures/rig.ts';

/** Generous for a loaded machine; what is measured against 5 s is the manual clock of other tests. */
const PATIENCE_MS = 15_000;

interface Place {
  readonly directory: string;
  readonly file: string;
  /** Generations published since the start. */
  readonly ports: number[];
  readonly config: ConfigManager<Settings>;
}

describe.each(['fs', 'poll'] as const)('real files, watched by %s', (use) => {
  async function place(
    lay: (directory: string) => Promise<string> = async (directory) => {
      const file = join(directory, 'app.yaml');
      await writeFile(file, 'port: 80\n');
      return file;
    },
    layersOf: (file: string) => readonly Layer[] = (path) => [{ kind: 'file', path }],
  ): Promise<Place> {
    const directory = await realpath(await mkdtemp(join(tmpdir(), 'watchkeeper-config-')));
    const watcher = createWatcher({ use, fallback: false });
    const file = await lay(directory);
    const config = createConfig({
      schema,
      layers: layersOf(file),
      watcher,
      watch: 'eager',
      timing: { minIntervalMs: 0 },
    });
    onTestFinished(async () => {
      await config.close();
      expect(watcher.stats()).toMatchObject({ watches: 0, subscriptions: 0 });
      await watcher.close();
      await rm(directory, { recursive: true, force: true });
    });
    const ports: number[] = [];
    config.subscribe(({ current }) => ports.push(current.value.port));
    await config.ready;
    await vi.waitFor(
      () => expect(config.status().watch.mode).toBe(use === 'fs' ? 'native' : 'poll'),
      PATIENCE_MS,
    );
    return { directory, file, ports, config };
  }

  async function sees(config: ConfigManager<Settings>, port: number): Promise<void> {
    await vi.waitFor(() => expect(config.get('port')).toBe(port), {
      timeout: PATIENCE_MS,
      interval: 10,
    });
    // Listeners are called after the value is visible.
    await config.flush();
  }

  test('a write in place, by this process and by another', async () => {
    const { config, file } = await place();
    await writeFile(file, 'port: 81\n');
    await sees(config, 81);
    const script = `require('node:fs').writeFileSync(process.argv[1], 'port: 82\\n')`;
    await promisify(execFile)(process.execPath, ['-e', script, file]);
    await sees(config, 82);
    expect(config.status().state).toBe('ready');
  });

  test('a rename over the file, again and again', async () => {
    const { config, directory, file, ports } = await place();
    for (const port of [81, 82, 83]) {
      await writeFile(join(directory, '.new'), `port: ${port}\n`);
      await rename(join(directory, '.new'), file);
      await sees(config, port);
    }
    expect(ports).toEqual([81, 82, 83]);
  });

  test('what an editor does: a backup by rename, then a new file in the place', async () => {
    const { config, file, ports } = await place();
    await rename(file, `${file}~`);
    await writeFile(file, 'port: 81\n');
    await unlink(`${file}~`);
    await sees(config, 81);
    expect(ports).toEqual([81]);
  });

  test('a swap of mounted directories, as Kubernetes does for a ConfigMap', async () => {
    const version = async (directory: string, name: string, port: number): Promise<void> => {
      await mkdir(join(directory, name));
      const file = join(directory, name, 'app.yaml');
      await writeFile(file, `port: ${port}\n`);
      // The kubelet may leave all versions with equal times.
      await utimes(file, 1_700_000_000, 1_700_000_000);
    };
    const { config, directory, ports } = await place(async (at) => {
      await version(at, '..1', 80);
      await symlink('..1', join(at, '..data'));
      await symlink(join('..data', 'app.yaml'), join(at, 'app.yaml'));
      return join(at, 'app.yaml');
    });
    for (const generation of [2, 3, 4]) {
      await version(directory, `..${generation}`, 80 + generation);
      await symlink(`..${generation}`, join(directory, '..data_tmp'));
      await rename(join(directory, '..data_tmp'), join(directory, '..data'));
      await rm(join(directory, `..${generation - 1}`), { recursive: true });
      await sees(config, 80 + generation);
    }
    expect(ports).toEqual([82, 83, 84]);
    expect(config.status().counters.rejected).toBe(0);
  });

  test('a link that is pointed elsewhere', async () => {
    const { config, directory, file } = await place(async (at) => {
      await writeFile(join(at, 'a.yaml'), 'port: 80\n');
      await writeFile(join(at, 'b.yaml'), 'port: 81\n');
      await symlink('a.yaml', join(at, 'app.yaml'));
      return join(at, 'app.yaml');
    });
    await symlink('b.yaml', join(directory, 'next'));
    await rename(join(directory, 'next'), file);
    await sees(config, 81);
    await writeFile(join(directory, 'b.yaml'), 'port: 82\n');
    await sees(config, 82);
    expect(config.snapshot().sources[0]?.realPath).toBe(join(directory, 'b.yaml'));
  });

  test('a file removed and put back, and its whole directory', async () => {
    const { config, directory, file } = await place(async (at) => {
      await mkdir(join(at, 'etc'));
      await writeFile(join(at, 'etc', 'app.yaml'), 'port: 80\n');
      return join(at, 'etc', 'app.yaml');
    });
    await unlink(file);
    await vi.waitFor(() => expect(config.status().sources[0]?.state).toBe('missing'), PATIENCE_MS);
    expect(config.get('port')).toBe(80);
    await writeFile(file, 'port: 81\n');
    await sees(config, 81);
    await rm(join(directory, 'etc'), { recursive: true });
    await mkdir(join(directory, 'etc'));
    await writeFile(file, 'port: 82\n');
    await sees(config, 82);
  });

  test('a file that was not there at the start', async () => {
    const { config, file } = await place(
      async (at) => Promise.resolve(join(at, 'later', 'app.yaml')),
      (path) => [
        { kind: 'defaults', value: { port: 1 } },
        { kind: 'file', path, required: false },
      ],
    );
    expect(config.get('port')).toBe(1);
    await mkdir(join(file, '..'));
    await writeFile(file, 'port: 2\n');
    await sees(config, 2);
  });

  test('a corrupt file keeps the good value until it is repaired', async () => {
    const { config, file } = await place();
    await writeFile(file, 'port: [\n');
    await vi.waitFor(() => expect(config.status().state).toBe('degraded'), PATIENCE_MS);
    expect(config.get('port')).toBe(80);
    expect(config.status().lastError).toMatchObject({ code: 'E_PARSE', file });
    await writeFile(file, 'port: 81\n');
    await sees(config, 81);
    expect(config.status().state).toBe('ready');
  });

  test('a slow writer is never seen half done', async () => {
    // With every key from the start: what lacks one is held back, however long this machine stalls the writer.
    const { config, file, ports } = await place(async (at) => {
      await writeFile(join(at, 'app.yaml'), 'port: 80\nname: round-0\nlog:\n  level: debug\n');
      return join(at, 'app.yaml');
    });
    const seen: unknown[] = [];
    config.subscribe(({ current }) => seen.push(current.value));
    for (let round = 1; round <= 3; round++) {
      const text = `port: ${80 + round}\nname: round-${round}\nlog:\n  level: debug\n`;
      await writeFile(file, '');
      for (const chunk of text.match(/[^]{1,9}/gu) ?? []) {
        await appendFile(file, chunk);
        // The pace of the writer under test, not a wait for a result.
        await new Promise((resolve) => void setTimeout(resolve, 20));
      }
      await sees(config, 80 + round);
      expect(await readFile(file, 'utf8')).toBe(text);
    }
    expect(ports).toEqual([81, 82, 83]);
    expect(seen).toEqual(
      [1, 2, 3].map((round) => ({
        port: 80 + round,
        name: `round-${round}`,
        log: { level: 'debug' },
      })),
    );
  });

  test('flush() waits for what was written before it', async () => {
    const { config, file } = await place();
    const applied: number[] = [];
    config.session({ id: 'a', apply: ({ port }) => void applied.push(port) });
    await writeFile(file, 'port: 81\n');
    await vi.waitFor(async () => {
      await config.flush();
      expect(applied.at(-1)).toBe(81);
    }, PATIENCE_MS);
  });

  test('many managers on one file share one watch', async () => {
    const { directory, file } = await place();
    const watcher = createWatcher({ use, fallback: false });
    const managers = Array.from({ length: 50 }, () =>
      createConfig({ schema, layers: [{ kind: 'file', path: file }], watcher, watch: 'eager' }),
    );
    await Promise.all(managers.map(async ({ ready }) => ready));
    await vi.waitFor(
      () => expect(managers.every((one) => one.status().watch.mode !== 'off')).toBe(true),
      PATIENCE_MS,
    );
    expect(watcher.stats()).toMatchObject({ watches: 50, paths: 1, subscriptions: 1 });
    await writeFile(join(directory, 'unrelated'), 'x');
    await writeFile(file, 'port: 81\n');
    for (const manager of managers) await sees(manager, 81);
    await Promise.all(managers.map(async (manager) => manager.close()));
    expect(watcher.stats()).toMatchObject({ watches: 0, subscriptions: 0 });
    await watcher.close();
  });
});
