import { chmod, symlink } from 'node:fs/promises';

import { claudeCode } from '@watchkeeper/transcript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { TranscriptFinder } from '../src/transcript-finder.ts';
import { createTranscripts, type Transcripts } from './transcript-files.ts';

let files: Transcripts;

beforeEach(async () => {
  files = await createTranscripts();
});

afterEach(() => files.dispose());

describe('walking a root', () => {
  it('finds transcripts by what their path tells, and follows no links', async () => {
    await files.write('p/s.jsonl', '{}\n');
    await files.write('p/s/subagents/agent-x.jsonl', '');
    await files.write('p/s/subagents/journal.jsonl', '');
    await files.write('p/notes.txt', '');
    await symlink(files.root, files.path('p/loop'));
    const finder = new TranscriptFinder([files.root, `${files.root}/`], [claudeCode]);
    expect(finder.roots).toEqual([files.root]);
    const failures: string[] = [];
    const found = await finder.walk(files.root, (path) => failures.push(path));
    expect(found.map(({ path }) => path).sort()).toEqual([
      files.path('p/s.jsonl'),
      files.path('p/s/subagents/agent-x.jsonl'),
    ]);
    expect(found.find(({ size }) => size === 3)?.file).toEqual({ type: 'session', sessionId: 's' });
    expect(failures).toEqual([]);
  });

  it('finds nothing below a root that is not there', async () => {
    const finder = new TranscriptFinder([files.path('none')], [claudeCode]);
    const failures: string[] = [];
    expect(await finder.walk(files.path('none'), (path) => failures.push(path))).toEqual([]);
    expect(failures).toEqual([]);
    expect(await finder.exists(files.path('none'))).toBe(false);
  });

  it('reports a directory that may not be read', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may read everything');
    await files.write('closed/s.jsonl', '');
    await chmod(files.path('closed'), 0);
    const failures: string[] = [];
    const finder = new TranscriptFinder([files.root], [claudeCode]);
    expect(await finder.walk(files.root, (path) => failures.push(path))).toEqual([]);
    expect(failures).toEqual([files.path('closed')]);
    await chmod(files.path('closed'), 0o700);
  });

  it('knows which root a path lies below', () => {
    const finder = new TranscriptFinder(['/a', '/ab'], [claudeCode]);
    expect(finder.rootOf('/ab/p/s.jsonl')).toBe('/ab');
    expect(finder.rootOf('/abc/p/s.jsonl')).toBe(null);
  });
});
