import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createRig, file } from './fixtures/rig.ts';

describe('reload()', () => {
  test('says what came of it', async () => {
    const { clock, config, fs } = createRig({ listening: false });
    await config.ready;
    expect(await config.reload()).toMatchObject({
      status: 'unchanged',
      snapshot: { generation: 1 },
    });
    fs.write(file, 'port: 81\n');
    const changed = config.reload();
    await clock.advance(100);
    expect(await changed).toMatchObject({
      status: 'changed',
      change: { current: { generation: 2, reason: 'reload' } },
    });
    fs.write(file, 'port: x\n');
    const rejected = config.reload();
    await clock.advance(100);
    expect(await rejected).toMatchObject({
      status: 'rejected',
      error: { code: 'E_SCHEMA' },
      snapshot: { generation: 2 },
    });
    expect(await config.reload()).toMatchObject({
      status: 'rejected',
      error: { code: 'E_SCHEMA' },
    });
  });

  test('called many times at once reads once, or once more for those who came while it read', async () => {
    const { config, fs } = createRig({ listening: false });
    await config.ready;
    let stats = 0;
    fs.beforeStat = () => void stats++;
    await Promise.all(Array.from({ length: 10 }, async () => config.reload()));
    expect(stats).toBeLessThanOrEqual(2);
  });

  test('with force reads and validates what seems unchanged', async () => {
    const { clock, config, fs } = createRig({ listening: false });
    await config.ready;
    const before = fs.reads.length;
    const forced = config.reload({ force: true });
    await clock.advance(200);
    expect(await forced).toMatchObject({ status: 'unchanged' });
    expect(fs.reads.length - before).toBe(2);
    expect(config.status().counters.attempts).toBe(2);
  });

  test('of bytes that never stand still ends after its limit', async () => {
    const { clock, config, fs } = createRig({ listening: false });
    await config.ready;
    let port = 100;
    fs.beforeRead = () => fs.write(file, `port: ${port++}\n`);
    fs.write(file, 'port: 99\n');
    const result = config.reload();
    await clock.advance(7000);
    expect(await result).toMatchObject({ status: 'rejected', error: { code: 'E_UNSTABLE' } });
  });

  test('is no longer waited for when its signal aborts', async () => {
    const { config, fs } = createRig({ listening: false });
    await config.ready;
    fs.write(file, 'port: 81\n');
    await expect(config.reload({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'E_ABORTED',
    });
  });
});

describe('fresh()', () => {
  test('needs no watch: it looks when the last look is too old', async () => {
    const { clock, config, fs, watcher } = createRig({
      options: { watch: 'off' },
      listening: false,
    });
    await config.ready;
    fs.write(file, 'port: 81\n');
    expect((await config.fresh({ maxAgeMs: 1000 })).value.port).toBe(80);
    await clock.advance(2000);
    const fresh = config.fresh({ maxAgeMs: 1000 });
    await clock.advance(100);
    expect((await fresh).value.port).toBe(81);
    expect(watcher.watches).toHaveLength(0);
  });

  test('gives the last good snapshot when what lies there is refused, and the reason when there is none', async () => {
    const { clock, config, fs } = createRig({ listening: false });
    await config.ready;
    fs.write(file, 'port: x\n');
    const fresh = config.fresh({ maxAgeMs: 0 });
    await clock.advance(200);
    expect((await fresh).generation).toBe(1);
    const bad = createRig({ files: { [file]: 'port: x\n' }, listening: false });
    await expect(bad.config.fresh({ maxAgeMs: 0 })).rejects.toMatchObject({ code: 'E_SCHEMA' });
    await expect(bad.config.ready).rejects.toMatchObject({ code: 'E_SCHEMA' });
  });
});

describe('close()', () => {
  test('leaves no timer, watch, reader or callback behind, and says so to those who wait', async () => {
    const rig = createRig();
    await rig.config.ready;
    const calls: string[] = [];
    rig.config.subscribe(() => calls.push('listener'));
    const session = rig.config.session({ id: 'a', apply: () => void calls.push('session') });
    await rig.clock.advance(10);
    calls.length = 0;
    rig.fs.write(file, 'port: 81\n');
    rig.watcher.hint();
    const reload = rig.config.reload();
    const flush = rig.config.flush();
    const closing = rig.config.close();
    expect(rig.config.close()).toBe(closing);
    await expect(reload).rejects.toMatchObject({ code: 'E_CLOSED' });
    await expect(flush).rejects.toMatchObject({ code: 'E_CLOSED' });
    await closing;
    await rig.clock.advance(10_000);
    expect(calls).toEqual([]);
    expect(rig.clock.pending).toBe(0);
    expect(rig.watcher.open).toHaveLength(0);
    expect(session.state).toBe('closed');
    expect(rig.config.status()).toMatchObject({ state: 'closed', subscribers: 0 });
    expect(() => rig.config.get()).toThrow(/is closed/u);
    expect(() => rig.config.events()).toThrow(/is closed/u);
    await expect(rig.config.fresh({ maxAgeMs: 1e9 })).rejects.toMatchObject({ code: 'E_CLOSED' });
  });

  test.each([0, 50, 150, 200, 250, 300, 305, 320])(
    'at %i ms of a change ends it there',
    async (at) => {
      const rig = createRig();
      await rig.config.ready;
      let calls = 0;
      for (let index = 0; index < 20; index++) {
        rig.config.session({ id: `s${index}`, apply: () => void calls++ });
      }
      await rig.clock.advance(500);
      rig.fs.write(file, 'port: 81\n');
      rig.watcher.hint();
      await rig.clock.advance(at);
      const before = calls;
      await rig.config.close();
      await rig.clock.advance(10_000);
      expect(calls).toBe(before);
      expect(rig.clock.pending).toBe(0);
    },
  );

  test('is what its signal does', async () => {
    const control = new AbortController();
    const { config } = createRig({ options: { signal: control.signal } });
    await config.ready;
    control.abort();
    expect(config.status().state).toBe('closed');
    const { config: never } = createRig({
      options: { signal: AbortSignal.abort() },
      listening: false,
    });
    await expect(never.ready).rejects.toMatchObject({ code: 'E_CLOSED' });
  });
});

describe('events()', () => {
  test('buffers for a slow reader, drops acknowledgements first, and says how many', async () => {
    const rig = createRig();
    const reader = rig.config.events({ buffer: 4 });
    await rig.config.ready;
    for (let index = 0; index < 50; index++) {
      rig.config.session({ id: `s${index}`, apply: () => undefined });
    }
    await rig.clock.advance(500);
    expect(await reader.next()).toMatchObject({ value: { type: 'dropped', count: 48 } });
    expect(await reader.next()).toMatchObject({ value: { type: 'changed' } });
    await reader.return!();
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  test('ends with its signal', async () => {
    const control = new AbortController();
    const { config } = createRig({ listening: false });
    const reader = config.events({ signal: control.signal });
    await config.ready;
    expect(await reader.next()).toMatchObject({ value: { type: 'changed' } });
    const next = reader.next();
    control.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

test('flush() resolves when the change is applied by every session', async () => {
  const rig = createRig();
  await rig.config.ready;
  const session = rig.config.session({
    id: 'a',
    async apply() {
      await new Promise<void>((resolve) => void rig.clock.setTimeout(resolve, 700));
    },
  });
  rig.fs.write(file, 'port: 81\n');
  rig.watcher.hint();
  let flushed = false;
  const flush = rig.config.flush().then(() => (flushed = true));
  await rig.clock.advance(900);
  expect(flushed).toBe(false);
  await rig.clock.advance(1500);
  await flush;
  expect(session.acked).toBe(2);
});

describe('the process', () => {
  const source = new URL('../src/index.ts', import.meta.url).href;

  /** Runs a script beside a configuration file and resolves with what it printed. */
  async function run(script: string): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'watchkeeper-config-'));
    try {
      await writeFile(join(directory, 'app.json'), '{"port": 80}');
      const main = join(directory, 'main.mjs');
      await writeFile(
        main,
        `import { createConfig } from ${JSON.stringify(source)};
         const schema = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
         const layers = [{ kind: 'file', path: 'app.json' }];
         ${script}`,
      );
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--conditions=@watchkeeper/source', main],
        { cwd: directory, timeout: 15_000 },
      );
      return stdout.trim();
    } finally {
      await rm(directory, { recursive: true });
    }
  }

  test('of an idle manager ends by itself, with everything armed', async () => {
    const printed = await run(`
      const config = createConfig({ schema, layers, watch: 'eager' });
      await config.ready;
      config.session({ id: 'a', apply: () => console.log('applied') });
      await config.flush();
      console.log('idle');`);
    expect(printed).toBe('applied\nidle');
  });

  test('is kept alive while somebody waits for a young file to be proved', async () => {
    const printed = await run(`
      const config = createConfig({ schema, layers, watch: 'off' });
      console.log((await config.ready).value.port);`);
    expect(printed).toBe('80');
  });
});
