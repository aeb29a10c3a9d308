import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseLine } from '@watchkeeper/transcript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createRandom } from '../src/agent/random.ts';
import { act } from '../src/agent/records.ts';
import { stories } from '../src/agent/story.ts';
import { type } from '../src/agent/typist.ts';

const [story] = stories;
const files = {
  main: 'main.jsonl',
  subagent: (agentId: string): string => `agent-${agentId}.jsonl`,
};

describe('a simulated agent', () => {
  it('writes records that are all understood, of every kind a reader meets', () => {
    const kinds = new Set<string>();
    let index = 0;
    for (const { record } of act(story, 'session', files, createRandom(1)).take(120)) {
      const message = parseLine(JSON.stringify(record), index);
      index += 1;
      kinds.add(message?.kind ?? 'none');
    }
    expect([...kinds].toSorted()).toEqual([
      'assistant-block',
      'file-history-snapshot',
      'session-meta',
      'system-api-error',
      'system-turn-duration',
      'user-prompt',
      'user-tool-result',
    ]);
  });

  it('writes a subagent’s transcript of its own, and big tool results', () => {
    const scheduled = [...act(story, 'session', files, createRandom(1)).take(120)];
    expect(new Set(scheduled.map(({ file }) => file)).size).toBeGreaterThan(1);
    const sizes = scheduled.map(({ record }) => JSON.stringify(record).length);
    expect(Math.max(...sizes)).toBeGreaterThan(150_000);
  });

  it('can be repeated with the same seed', () => {
    const uuids = (seed: number): unknown[] =>
      [...act(story, 'session', files, createRandom(seed)).take(30)].map(
        ({ record }) => record['uuid'],
      );
    expect(uuids(7)).toEqual(uuids(7));
    expect(uuids(7)).not.toEqual(uuids(8));
  });
});

describe('a simulated typist', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'watchkeeper-typist-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('leaves half lines for a while and whole records at the end', async () => {
    const file = join(directory, 'deep', 'a.jsonl');
    const records = Array.from({ length: 200 }, (_, n) => ({ file, record: { n }, pauseMs: 1 }));
    let unfinished = 0;
    await type(records, {
      random: createRandom(3),
      speed: 1,
      signal: new AbortController().signal,
      pause: async () => {
        const text = readdirSync(directory).length === 0 ? '' : readFileSync(file, 'utf8');
        if (text !== '' && !text.endsWith('\n')) unfinished += 1;
      },
    });
    expect(unfinished).toBeGreaterThan(10);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(records.map(({ record }) => record));
  });

  it('finishes the line it is in when it is stopped', async () => {
    const file = join(directory, 'a.jsonl');
    const stop = new AbortController();
    const records = Array.from({ length: 200 }, (_, n) => ({ file, record: { n }, pauseMs: 0 }));
    let pauses = 0;
    await type(records, {
      random: createRandom(3),
      speed: 1,
      signal: stop.signal,
      pause: async () => {
        pauses += 1;
        if (pauses > 20 && !readFileSync(file, 'utf8').endsWith('\n')) stop.abort();
      },
    });
    expect(stop.signal.aborted).toBe(true);
    const text = readFileSync(file, 'utf8');
    expect(text.endsWith('\n')).toBe(true);
    expect(text.trimEnd().split('\n').length).toBeLessThan(200);
  });
});
