import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { startSimulatedAgent } from '../src/simulated-agent.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-agent-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('writes transcripts from a process of its own until it is stopped', async () => {
  const problems: string[] = [];
  const agent = startSimulatedAgent(directory, 50, (problem) => problems.push(problem));
  await expect.poll(async () => (await readdir(directory)).length, { timeout: 15_000 }).toBe(2);
  await agent.stop();
  await agent.stop();
  expect(problems).toEqual([]);
});

it('is a problem, not a crash, when it cannot be started', async () => {
  const problems: string[] = [];
  const { execPath } = process;
  process.execPath = join(directory, 'no-such-program');
  const agent = startSimulatedAgent(directory, 1, (problem) => problems.push(problem));
  process.execPath = execPath;
  await vi.waitUntil(() => problems.length > 0);
  expect(problems[0]).toContain('the simulated agent failed: spawn');
  await agent.stop();
});
