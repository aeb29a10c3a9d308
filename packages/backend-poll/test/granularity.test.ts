import type { AbsPath, Place } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { SKEW_ALLOWANCE_MS, isUnsettled } from '../src/granularity.ts';

const place = (fsType: string, shared: Place['shared']): Place => ({
  path: '/w' as AbsPath,
  platform: 'linux',
  fsType,
  shared,
  caseSensitive: true,
});

const NOW = 1_800_000_000_000;

describe('isUnsettled', () => {
  it.each([
    ['ext4', false, 5, true],
    ['ext4', false, 100, false],
    ['vfat', false, 1500, true],
    ['vfat', false, 2500, false],
    ['unheard-of', false, 1500, true],
    ['ext4', false, -86_400_000, true],
    ['nfs4', true, 60_000, true],
    ['nfs4', true, SKEW_ALLOWANCE_MS + 3000, false],
    ['9p', 'unknown', 60_000, true],
  ] as const)('on %s, shared %s, an age of %i ms: %s', (fsType, shared, ageMs, expected) => {
    const mtimeNs = BigInt(NOW - ageMs) * 1_000_000n;
    expect(isUnsettled(place(fsType, shared), mtimeNs, NOW)).toBe(expected);
  });
});
