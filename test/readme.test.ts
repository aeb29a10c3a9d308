import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { repository } from './support/running-process.ts';

test('the program on the first screen of the README runs as pasted', async () => {
  const readme = readFileSync(join(repository, 'README.md'), 'utf8');
  const program = /```js\n([\s\S]*?)```/u.exec(readme)?.[1];
  expect(program).toBeDefined();
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-readme-'));
  try {
    symlinkSync(
      join(import.meta.dirname, 'node_modules'),
      join(directory, 'node_modules'),
      'junction',
    );
    const file = join(directory, 'example.mjs');
    writeFileSync(file, program ?? '');
    const run = await promisify(execFile)(
      process.execPath,
      ['--conditions=@watchkeeper/source', file],
      { cwd: directory },
    );
    expect(run.stderr).toBe('');
    expect(run.stdout.match(/start: \d+, end: \d+/gu)?.length).toBeGreaterThan(0);
    expect(
      readFileSync(join(directory, 'example.jsonl'), 'utf8').split('\n').length,
    ).toBeGreaterThan(3);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
