import { describe, expect, it } from 'vitest';

import { wrap, wrapStep } from '../../src/output/wrap.ts';

describe('wrap', () => {
  it.each<[text: string, width: number, lines: readonly string[]]>([
    ['short', 20, ['short']],
    ['', 20, ['']],
    ['one two three four five', 13, ['one two three', 'four five']],
    ['/home/someone/project', 16, ['/home/someone/', 'project']],
    ['see abcdefghijklmnop', 12, ['see', 'abcdefghijkl', 'mnop']],
    ['abcdefghijk🎉x', 12, ['abcdefghijk', '🎉x']],
    ['narrower is of no use', 3, ['narrower is', 'of no use']],
  ])('%j to %i', (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  it('leaves room for what stands before the first line', () => {
    expect(wrap('one two three four', 20, { first: 12 })).toEqual(['one two', 'three four']);
  });
});

describe('wrapStep', () => {
  it.each<[step: string, width: number, lines: readonly string[]]>([
    ['ulimit -n 10240', 20, ['ulimit -n 10240']],
    ['sudo sysctl -w a.b.c=524288', 20, ['sudo sysctl -w \\', 'a.b.c=524288']],
    ['run: npm install @acme/long-name', 20, ['run: npm install \\', '@acme/long-name']],
    [
      'echo 9 > /proc/sys/x # as root of this namespace',
      22,
      ['echo 9 > /proc/sys/x', '# as root of this', '# namespace'],
    ],
    ['ignore what nobody needs there', 20, ['ignore what nobody', 'needs there']],
    ['rules: [{"match":"/a/very/long/path"}]', 16, ['rules:', '[{"match":"/a/very/long/path"}]']],
  ])('%j to %i can be copied', (step, width, lines) => {
    expect(wrapStep(step, width)).toEqual(lines);
  });
});
