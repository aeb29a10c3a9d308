import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { EMPTY_MARKER, Marker, MARKER_BYTES } from '../src/marker.ts';

describe('Marker', () => {
  it('covers the last KiB before a position, or what there is', () => {
    const buffer = Buffer.alloc(3000, 'abc');
    expect(Marker.before(buffer, 3000).bytes).toBe(MARKER_BYTES);
    expect(Marker.before(buffer, 10).bytes).toBe(10);
    expect(Marker.before(buffer, 0).bytes).toBe(0);
  });

  it('matches the bytes it covers and no others, kept or compacted', () => {
    const buffer = Buffer.from('0123456789');
    for (const compact of [false, true]) {
      const marker = Marker.before(buffer, 8);
      if (compact) marker.compact();
      expect(marker.matches(Buffer.from('01234567'))).toBe(true);
      expect(marker.matches(Buffer.from('01234567 and more'))).toBe(true);
      expect(marker.matches(Buffer.from('01234568'))).toBe(false);
    }
  });

  it('does not change when its source does', () => {
    const buffer = Buffer.from('0123456789');
    const marker = Marker.before(buffer, 10);
    buffer.fill(0);
    expect(marker.matches(Buffer.from('0123456789'))).toBe(true);
  });

  it('is known by the SHA-256 of its bytes', () => {
    const marker = Marker.before(Buffer.from('abc'), 3);
    expect(marker.hash).toBe(createHash('sha256').update('abc').digest('base64url'));
    expect(Marker.fromHash(3, marker.hash).matches(Buffer.from('abc'))).toBe(true);
    expect(Marker.fromHash(3, marker.hash).matches(Buffer.from('abd'))).toBe(false);
  });

  it('of byte 0 matches everything', () => {
    expect(EMPTY_MARKER.matches(Buffer.from('anything'))).toBe(true);
    expect(EMPTY_MARKER.matches(Buffer.alloc(0))).toBe(true);
  });
});
