import { expect, it } from 'vitest';
import { createProgram, describeProgram, type Operation, type Program } from '../../src/index.ts';
import { smallestFailing } from '../../src/random/smallest-program.ts';

const one = (kind: Operation['kind'], path: string): Operation => ({ kind, path, other: 'o' });
const kinds = (program: Program): readonly string[] => program.flat().map(({ kind }) => kind);

it('leaves only what it takes to fail', async () => {
  const program: Program = [
    [one('mkdir', 'a'), one('write', 'b')],
    [one('chmod', 'b')],
    [one('append', 'b'), one('remove', 'a')],
    [one('write', 'c')],
  ];
  const fails = async (candidate: Program): Promise<boolean> =>
    kinds(candidate).includes('write') && kinds(candidate).includes('remove');
  expect(await smallestFailing(program, fails)).toEqual([[one('remove', 'a'), one('write', 'c')]]);
});

it('keeps the flush between two steps that fail only apart', async () => {
  const program = [...createProgram(7), [one('remove', 'a')]];
  const fails = async (candidate: Program): Promise<boolean> => candidate.length > 1;
  const smallest = await smallestFailing(program, fails);
  expect(smallest.map(({ length }) => length)).toEqual([1, 1]);
});

it('gives the same program for a seed, in words that can be read', () => {
  expect(createProgram(3)).toEqual(createProgram(3));
  expect(createProgram(3)).not.toEqual(createProgram(4));
  expect(describeProgram([[one('rename', 'a'), one('write', 'b')]])).toBe(
    '  1. rename a o; write b',
  );
});
