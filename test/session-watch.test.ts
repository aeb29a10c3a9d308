import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { appendFromAnotherProcess } from './support/append-process.ts';
import { RunningProcess } from './support/running-process.ts';
import { makeTranscriptRoot, promptLine } from './support/transcript.ts';

/** Time within which an append is told, in milliseconds. The best of some holds it: others' work on this machine only adds. */
const TICK_BAR_MS = 2000;
const APPENDS = 3;

const transcript = makeTranscriptRoot(['The first prompt']);
afterAll(() => rmSync(transcript.directory, { recursive: true, force: true }));

test('`session watch` prints a tick after an append by another process, and ends with 130 on Ctrl-C', async () => {
  const watch = new RunningProcess('packages/cli/src/bin.ts', [
    '--db',
    join(transcript.directory, 'sessions.db'),
    '--root',
    transcript.root,
    'session',
    'watch',
    transcript.sessionId.slice(0, 8),
    '--json',
  ]);
  const eventOf = (line: string): unknown => (JSON.parse(line) as { event: unknown }).event;
  await watch.line((line) => eventOf(line) === 'hello');
  const delays: number[] = [];
  for (let n = 0; n < APPENDS; n += 1) {
    const before = watch.lines.length;
    const start = Date.now();
    await appendFromAnotherProcess(transcript.file, promptLine(transcript.sessionId, `more ${n}`));
    await watch.line((line) => eventOf(line) === 'session.updated', before);
    delays.push(Date.now() - start);
  }
  expect(Math.min(...delays)).toBeLessThan(TICK_BAR_MS);
  expect(await watch.end('SIGINT')).toEqual({ code: 130, signal: null });
  expect(watch.stderr).toBe('');
});
