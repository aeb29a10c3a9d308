import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { Bench } from '../support/bench.ts';

/** The part of the JSON that is looked at here. */
interface DiagnosisLine {
  readonly ok: boolean;
  readonly places: readonly {
    readonly path: string;
    readonly subject: { readonly kind: string };
    readonly findings: readonly Finding[];
  }[];
}

interface Finding {
  readonly level: string;
  readonly code: string;
  readonly remedy: readonly string[];
}

const hidden = /^\.watchkeeper-doctor-/;

describe('watchkeeper doctor', () => {
  it('says for people where a directory lies, what watches it, and that it works', async () => {
    const bench = new Bench();
    const { code, stdout, stderr } = await bench.run(['doctor']);
    expect(stderr.text).toBe('');
    expect(code).toBe(0);
    const [machine, place] = stdout.text.split('\n\n');
    expect(machine).toMatch(/^This machine\n {2}system +\w+ \w+, kernel .*, Node \d+/);
    expect(place).toContain(bench.directory);
    for (const about of ['path', 'file system', 'names', 'fs', 'latency', 'lost events', 'size']) {
      expect(stdout.text).toMatch(new RegExp(`^ +${about}  `, 'm'));
    }
    expect(stdout.text).toMatch(/^ {2}ok {7}Tried out: create told after [\d.]+ ms/m);
    expect(readdirSync(bench.directory).filter((name) => hidden.test(name))).toEqual([]);
  });

  it('prints one JSON object for several paths, present or not', async () => {
    const bench = new Bench();
    writeFileSync(join(bench.directory, 'app.log'), '');
    symlinkSync('app.log', join(bench.directory, 'current'));
    const paths = ['app.log', 'current', 'projects', 'later/app.log'];
    const { code, stdout } = await bench.run(['doctor', '--json', '--no-probe', ...paths]);
    expect(code).toBe(0);
    expect(stdout.events).toHaveLength(1);
    const [{ event, id, data } = { event: '', id: null, data: {} }] = stdout.events;
    expect([event, id]).toEqual(['diagnosis', null]);
    const { ok, places } = JSON.parse(JSON.stringify(data)) as DiagnosisLine;
    expect(ok).toBe(true);
    expect(places.map(({ path, subject }) => [path, subject.kind])).toEqual([
      [join(bench.directory, 'app.log'), 'file'],
      [join(bench.directory, 'current'), 'file'],
      [join(bench.directory, 'projects'), 'directory'],
      [join(bench.directory, 'later/app.log'), 'missing'],
    ]);
  });

  it('says that an option asked for a backend, and not a config', async () => {
    const args = ['doctor', '--no-probe', '--backend', 'poll'];
    const { stdout } = await new Bench().run(args);
    expect(stdout.text).toContain('poll watches this place: --backend asks for poll\n');
  });

  it('keeps within the width of a terminal', async () => {
    const args = ['doctor', '--no-probe', '--no-color', '/proc'];
    const { stdout } = await new Bench().run(args, { terminal: true, columns: 40 });
    expect(stdout.text.split('\n').filter((line) => line.length > 40)).toEqual([]);
  });

  it('colours a terminal, and nothing else', async () => {
    const bench = new Bench();
    const args = ['doctor', '--no-probe'];
    const shown = await bench.run(args, { terminal: true });
    const piped = await bench.run(args);
    expect(shown.stdout.text).toContain('\u001B[32mok');
    expect(piped.stdout.text).not.toContain('\u001B');
  });

  it('makes a name that would drive a terminal harmless', async () => {
    const bench = new Bench();
    const name = 'a\u001B[31mred';
    mkdirSync(join(bench.directory, name));
    const { stdout } = await bench.run(['doctor', '--no-probe', name]);
    expect(stdout.text).toContain(join(bench.directory, 'ared'));
    expect(stdout.text).not.toContain('\u001B');
  });
});

describe('watchkeeper doctor ends with 1 and says what to change', () => {
  it.each<
    [what: string, args: readonly string[], env: Readonly<Record<string, string>>, text: RegExp]
  >([
    [
      'a backend that is not installed',
      ['--backend', '@acme/none'],
      {},
      /error {4}@acme\/none is asked for.*; fs takes over\n +run: npm install @acme\/none$/m,
    ],
    [
      'a backend whose name is a slip',
      ['--backend', 'pol'],
      {},
      /No backend is called "pol"; fs takes over\n +did you mean poll\? Use auto, [^]*pol cannot be used, fs stands in$/m,
    ],
    [
      'a variable that is wrong',
      [],
      { WATCHKEEPER_POLL_INTERVAL_MS: 'soon' },
      /error {4}WATCHKEEPER_POLL_INTERVAL_MS: .*\n +correct or unset WATCHKEEPER_POLL_INTERVAL_MS$/m,
    ],
    ['a loop of links', ['loop'], {}, /error {4}.*loop is a loop of symbolic links/],
  ])('with %s', async (_, args, env, text) => {
    const bench = new Bench();
    symlinkSync('loop', join(bench.directory, 'loop'));
    const { code, stdout } = await bench.run(['doctor', '--no-probe', ...args], { env });
    expect(stdout.text).toMatch(text);
    expect(code).toBe(1);
  });
});

describe('watchkeeper doctor ends with 0 and warns', () => {
  it('of a FIFO', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no FIFOs in directories');
    const bench = new Bench();
    execFileSync('mkfifo', [join(bench.directory, 'fifo')]);
    const { code, stdout } = await bench.run(['doctor', '--no-probe', 'fifo']);
    expect(stdout.text).toMatch(/warning {2}.*fifo is a FIFO: what passes through it is not told/);
    expect(code).toBe(0);
  });

  it('of variables of other watchers', async () => {
    const env = { CHOKIDAR_USEPOLLING: '1' };
    const { code, stdout } = await new Bench().run(['doctor', '--no-probe'], { env });
    expect(stdout.text).toMatch(/warning {2}CHOKIDAR_USEPOLLING=1 has no effect here/);
    expect(code).toBe(0);
  });
});

describe('watchkeeper doctor used wrongly ends with 2', () => {
  it.each([
    [[''], /a path is empty; name a file or a directory/],
    [['--nope'], /unknown option '--nope'/],
    [['--backend', ','], /--backend: a name is missing/],
  ])('%j', async (args, message) => {
    const bench = new Bench();
    const running = bench.startBare(['doctor', ...args]);
    expect(await running.done).toBe(2);
    expect(running.stderr.text).toMatch(message);
    expect(running.stdout.text).toBe('');
  });

  it('or interrupted with 130, and prints nothing', async () => {
    const bench = new Bench();
    const running = bench.startBare(['doctor']);
    running.interrupt();
    expect(await running.done).toBe(130);
    expect(running.stdout.text).toBe('');
    expect(readdirSync(bench.directory).filter((name) => hidden.test(name))).toEqual([]);
  });
});

describe('watchkeeper doctor under low limits of inotify', () => {
  const bin = join(import.meta.dirname, '../../src/bin.ts');
  const set = (what: string, to: number): string =>
    `echo ${to} > /proc/sys/user/max_inotify_${what}`;
  const works = spawnSync('unshare', ['-Ur', 'sh', '-c', set('watches', 9)]).status === 0;
  const reason = 'user namespaces with inotify limits are not available';

  /** Runs the command in a user namespace of its own, so that no rights are needed. */
  function limited(setup: string, directory: string): { code: number | null; line: DiagnosisLine } {
    const command = ['--conditions=@watchkeeper/source', bin, 'doctor', '--json', directory];
    const script = `${setup}; exec "$@"`;
    const run = spawnSync(
      'unshare',
      ['-Ur', 'sh', '-c', script, 'sh', process.execPath, ...command],
      { encoding: 'utf8' },
    );
    const { data } = JSON.parse(run.stdout) as { data: DiagnosisLine };
    return { code: run.status, line: data };
  }

  it('says that the watches do not suffice, what takes over, and where to raise them', ({
    skip,
  }) => {
    skip(!works, reason);
    const bench = new Bench();
    for (let index = 0; index < 20; index += 1) mkdirSync(join(bench.root, `d${index}`));
    const { code, line } = limited(set('watches', 9), bench.directory);
    expect(code).toBe(0);
    const finding = line.places[0]?.findings.find((it) => it.code === 'inotify-watches');
    expect(finding).toMatchObject({
      level: 'warning',
      message: expect.stringMatching(
        /needs 23 inotify watches.* of 9 are free: poll takes over/,
      ) as string,
      remedy: expect.arrayContaining([
        expect.stringContaining('echo 524288 > /proc/sys/user/max_inotify_watches'),
      ]) as string[],
    });
  });

  it('finds out by trying that no instance is left', ({ skip }) => {
    skip(!works, reason);
    const { code, line } = limited(set('instances', 0), new Bench().directory);
    expect(code).toBe(1);
    expect(line.places[0]?.findings).toContainEqual(
      expect.objectContaining({ level: 'error', code: 'probe-failed' }),
    );
  });
});
