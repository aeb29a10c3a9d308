import { describe, expect, it } from 'vitest';
import {
  coversTrees,
  eventCapabilities,
  type EventPromises,
} from '../../src/backend-kit/event-capabilities.ts';
import { createManualBackend } from '../../src/testing/manual-backend.ts';
import { createOpenRequest } from '../../src/testing/open-request.ts';

const { place } = createOpenRequest('/w');
const promise = (typicalLatencyMs: number): EventPromises => ({
  ...createManualBackend().capabilities(place),
  typicalLatencyMs,
});
const promises = { linux: promise(1), darwin: promise(2), win32: promise(3) };

describe('eventCapabilities', () => {
  it.each([
    ['linux', 1, false],
    ['darwin', 2, true],
    ['win32', 3, true],
    ['freebsd', 1, false],
  ] as const)(
    'on %s keeps promise %i; trees are covered natively: %s',
    (platform, typical, native) => {
      const { typicalLatencyMs } = eventCapabilities({ ...place, platform }, promises);
      expect([typicalLatencyMs, coversTrees(platform)]).toEqual([typical, native]);
    },
  );

  it.each([
    [false, 'seen'],
    [true, 'unseen'],
    ['unknown', 'unknown'],
  ] as const)('where shared is %s, writes of other hosts are %s', (shared, foreignWrites) => {
    expect(eventCapabilities({ ...place, shared }, promises).foreignWrites).toBe(foreignWrites);
  });
});
