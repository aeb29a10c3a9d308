import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { lastLineEnd } from '../src/last-line.ts';

const LONG = 'x'.repeat(200_000);

describe('lastLineEnd', () => {
  it.each([
    ['an empty file', '', 0],
    ['no newline', 'abc', 0],
    ['a finished line', 'abc\n', 4],
    ['an unfinished line', 'abc\nde', 4],
    ['only a newline', '\n', 1],
    ['a newline far from the end', `a\n${LONG}`, 2],
    ['a newline at the end of much', `${LONG}\n`, 200_001],
    ['no newline in much', LONG, 0],
  ])('finds the end of the last whole line in %s', async (_name, text, expected) => {
    const directory = await mkdtemp(join(tmpdir(), 'watchkeeper-last-'));
    const path = join(directory, 'file');
    await writeFile(path, text);
    expect(await lastLineEnd(path, text.length)).toBe(expected);
    await rm(directory, { recursive: true });
  });
});
