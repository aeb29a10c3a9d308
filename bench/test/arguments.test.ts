import { describe, expect, it } from 'vitest';

import { helpText, isComplete, parseArguments, UsageError } from '../harness/arguments.ts';

const KNOWN = ['latency', 'tree'];
const parse = (...args: string[]) => parseArguments(args, KNOWN);

describe('parseArguments', () => {
  it('runs everything, built, five rounds, when nothing is asked for', () => {
    expect(parse()).toEqual({
      groups: [],
      sizes: [],
      only: [],
      rounds: 5,
      seed: 1,
      quick: false,
      source: false,
      build: true,
      out: null,
      directory: null,
      help: false,
    });
  });

  it('takes groups, several sizes and contestants, and switches', () => {
    const args = ['tree', '--size', '10', '--size=20', '--only', 'core on fs', '--rounds', '2'];
    expect(parse(...args, '--quick', '--no-build', '--seed', '0')).toMatchObject({
      groups: ['tree'],
      sizes: [10, 20],
      only: ['core on fs'],
      rounds: 2,
      seed: 0,
      quick: true,
      build: false,
    });
  });

  it.each([
    { args: ['lattency'], message: 'unknown group lattency; there are latency, tree' },
    { args: ['--size', 'big'], message: '--size: wanted a whole number from 1, got big' },
    { args: ['--size', '0'], message: '--size: wanted a whole number from 1, got 0' },
    { args: ['--rounds', '1.5'], message: '--rounds: wanted a whole number from 1, got 1.5' },
    { args: ['--seed='], message: '--seed: wanted a whole number from 0, got ' },
    { args: ['--fast'], message: "Unknown option '--fast'" },
  ])('refuses $args', ({ args, message }) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
  });
});

describe('isComplete', () => {
  it.each([
    { args: [], complete: true },
    { args: ['tree', '--rounds', '9', '--no-build'], complete: true },
    { args: ['--rounds', '4'], complete: false },
    { args: ['--quick'], complete: false },
    { args: ['--source'], complete: false },
    { args: ['--size', '1000'], complete: false },
    { args: ['--only', 'core on fs'], complete: false },
  ])('of $args is $complete', ({ args, complete }) => {
    expect(isComplete(parse(...args))).toBe(complete);
  });
});

describe('helpText', () => {
  it('names every group and every option', () => {
    const text = helpText(KNOWN);
    expect(text).toContain('Groups: latency, tree');
    for (const option of ['size', 'only', 'rounds', 'seed', 'quick', 'source', 'no-build', 'out']) {
      expect(text).toContain(`--${option}`);
    }
  });
});
