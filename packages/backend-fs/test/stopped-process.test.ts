import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const EXISTING = 200;
/** Several events each, against a kernel's queue of 16,384. */
const CREATED = 12_000;
/** All must be told this soon after the process goes on, whatever else the machine does. */
const TOLD_MS = 5000;

interface Told {
  readonly create: number;
  readonly modify: number;
  readonly remove: number;
  readonly repairs: number;
}

const program = fileURLToPath(new URL('fixtures/counting-process.ts', import.meta.url));

function temporaryDirectory(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-fs-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

function watchElsewhere(root: string): ChildProcessWithoutNullStreams {
  const options = ['--conditions=@watchkeeper/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...options, program, root]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

it(
  'what happens while the process is stopped is told soon after, though the kernel drops most of it',
  { timeout: 60_000 },
  async (context) => {
    if (process.platform !== 'linux')
      context.skip('only inotify has a queue that this burst overflows');
    const root = temporaryDirectory();
    for (let index = 0; index < EXISTING; index += 1) writeFileSync(join(root, `old${index}`), 'x');
    writeFileSync(join(root, 'gone'), 'x');
    const child = watchElsewhere(root);
    let told: Told | undefined;
    createInterface({ input: child.stdout }).on('line', (line) => {
      told = JSON.parse(line) as Told;
    });
    await expect.poll(() => told, { timeout: 20_000 }).toBeDefined();

    child.kill('SIGSTOP');
    for (let index = 0; index < CREATED; index += 1) writeFileSync(join(root, `new${index}`), 'x');
    for (let index = 0; index < EXISTING; index += 1)
      appendFileSync(join(root, `old${index}`), 'x');
    unlinkSync(join(root, 'gone'));
    child.kill('SIGCONT');

    const all = { create: CREATED, modify: EXISTING, remove: 1 };
    await expect.poll(() => told, { timeout: TOLD_MS }).toMatchObject(all);
    expect(told?.repairs).toBeGreaterThan(0);
  },
);
