import { describe, expect, it } from 'vitest';

import { identityOf, needsBirthtimeProof, isStillThere, sameFile } from '../src/identity.ts';

const a = { dev: 1n, ino: 2n, birthtimeNs: 3n };

describe('sameFile', () => {
  it.each([
    ['the same file', a, true],
    ['another device', { ...a, dev: 9n }, false],
    ['another inode', { ...a, ino: 9n }, false],
    ['a reused inode', { ...a, birthtimeNs: 9n }, false],
    ['a file whose time of birth is not known', { ...a, birthtimeNs: 0n }, true],
  ])('tells %s', (_title, b, same) => {
    expect(sameFile(a, b)).toBe(same);
    expect(sameFile(b, a)).toBe(same);
  });

  it('keeps apart numbers that a double cannot', () => {
    const big = { ...a, ino: 2n ** 53n };
    expect(sameFile(big, { ...a, ino: 2n ** 53n + 1n })).toBe(false);
  });
});

describe('isStillThere', () => {
  const unborn = { ...a, birthtimeNs: 0n };

  it.each([
    ['the same file that never went away', a, a, false, true],
    ['the same file that came back', a, a, true, true],
    ['a file without a time of birth that never went away', unborn, a, false, true],
    ['a number that came back without a time of birth', a, unborn, true, false],
    ['another number', a, { ...a, ino: 9n }, false, false],
  ])('judges %s', (_title, known, found, wasMissing, same) => {
    expect(isStillThere(known, found, wasMissing)).toBe(same);
  });
});

describe('identityOf', () => {
  const stat = { dev: 7001n, ino: 5n, birthtimeNs: 100n, ctimeNs: 100n };

  it('does not trust a time of birth that equals the change time before its device has shown another', () => {
    expect(identityOf(stat).birthtimeNs).toBe(0n);
    expect(needsBirthtimeProof(stat)).toBe(true);
    expect(identityOf({ ...stat, ctimeNs: 200n }).birthtimeNs).toBe(100n);
    expect(needsBirthtimeProof(stat)).toBe(false);
    expect(identityOf(stat).birthtimeNs).toBe(100n);
  });

  it('takes 0 and negative times for none', () => {
    expect(identityOf({ ...stat, birthtimeNs: 0n, dev: 7002n }).birthtimeNs).toBe(0n);
    expect(identityOf({ ...stat, birthtimeNs: -1n, dev: 7002n }).birthtimeNs).toBe(0n);
  });
});
