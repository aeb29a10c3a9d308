import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@watchkeeper/core';
import { createManualClock } from '@watchkeeper/core/testing';
import { describe, expect, it } from 'vitest';
import { LATE, within } from '../../src/doctor/deadline.ts';
import { inspectSubject } from '../../src/doctor/subject.ts';
import { scratch } from './support/scratch.ts';

describe('inspectSubject', () => {
  it('tells a directory, a file and links to them by where they lead', async () => {
    const root = scratch();
    const file = join(root, 'log');
    writeFileSync(file, '');
    symlinkSync('log', join(root, 'link'));
    symlinkSync(root, join(root, 'up'));
    const at = (name: string) => inspectSubject(join(root, name), systemClock);
    const plain = { link: null, directory: root, detail: null };
    expect(await at('.')).toEqual({ kind: 'directory', realPath: root, ...plain });
    expect(await at('log')).toEqual({ kind: 'file', realPath: file, ...plain });
    expect(await at('link')).toEqual({ kind: 'file', realPath: file, ...plain, link: 'log' });
    expect(await at('up')).toEqual({ kind: 'directory', realPath: root, ...plain, link: root });
  });

  it.each([
    ['nowhere', null],
    ['a/b/c', null],
    ['log/below', null],
    ['dangling', 'gone'],
  ])('names the directory in which a watch waits for %s', async (path, link) => {
    const root = scratch();
    writeFileSync(join(root, 'log'), '');
    symlinkSync('gone', join(root, 'dangling'));
    expect(await inspectSubject(join(root, path), systemClock)).toMatchObject({
      kind: 'missing',
      realPath: null,
      link,
      directory: root,
    });
  });

  it('waits where a dangling link leads, through other links and up again', async () => {
    const [root, elsewhere] = [scratch(), scratch()];
    mkdirSync(join(elsewhere, 'logs', 'old'), { recursive: true });
    symlinkSync(join(elsewhere, 'none', 'x'), join(root, 'absolute'));
    symlinkSync(join(elsewhere, 'logs', 'old'), join(root, 'old'));
    symlinkSync('old/../none/x', join(root, 'up'));
    symlinkSync('absolute', join(root, 'chain'));
    const waits = async (path: string) =>
      (await inspectSubject(join(root, path), systemClock)).directory;
    expect(await waits('absolute')).toBe(elsewhere);
    expect(await waits('chain')).toBe(elsewhere);
    expect(await waits('chain/below/it')).toBe(elsewhere);
    expect(await waits('up')).toBe(join(elsewhere, 'logs'));
    expect(await waits('old/none')).toBe(join(elsewhere, 'logs', 'old'));
  });

  it('tells loops and names that are too long', async () => {
    const root = scratch();
    symlinkSync('b', join(root, 'a'));
    symlinkSync('a', join(root, 'b'));
    const loop = await inspectSubject(join(root, 'a'), systemClock);
    expect(loop).toMatchObject({ kind: 'loop', link: 'b', directory: root });
    const long = await inspectSubject(join(root, 'x'.repeat(300)), systemClock);
    expect(long).toMatchObject({ kind: 'broken', detail: 'ENAMETOOLONG' });
  });

  it('tells a FIFO from a file', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no FIFOs in directories');
    const fifo = join(scratch(), 'fifo');
    execFileSync('mkfifo', [fifo]);
    expect(await inspectSubject(fifo, systemClock)).toMatchObject({
      kind: 'special',
      detail: 'FIFO',
    });
  });

  it('tells a directory that may not be read, and a path below one', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may read everything');
    const root = scratch();
    const closed = join(root, 'closed');
    mkdirSync(join(closed, 'inner'), { recursive: true });
    chmodSync(closed, 0);
    const answers = await Promise.all(
      [closed, join(closed, 'inner')].map((path) => inspectSubject(path, systemClock)),
    );
    chmodSync(closed, 0o700);
    expect(answers.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['unreadable', 'EACCES'],
      ['unreadable', 'EACCES'],
    ]);
  });
});

describe('within', () => {
  it('gives up on what never answers, and leaves no timer behind what does', async () => {
    const clock = createManualClock();
    const late = within(new Promise<string>(() => undefined), 5000, clock);
    await clock.advance(5000);
    expect(await late).toBe(LATE);
    expect(await within(Promise.resolve('here'), 5000, clock)).toBe('here');
    await expect(within(Promise.reject(new Error('no')), 5000, clock)).rejects.toThrow('no');
    expect(clock.pending).toBe(0);
  });
});
