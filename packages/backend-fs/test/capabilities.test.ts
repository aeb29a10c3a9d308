import { createOpenRequest } from '@watchkeeper/core/testing';
import { describe, expect, it } from 'vitest';
import { capabilitiesAt } from '../src/capabilities.ts';

describe('the capabilities of the fs backend', () => {
  it.each([
    ['linux', 'directory', 'prompt', 'silent'],
    ['darwin', 'root', 'on-close', 'silent'],
    ['win32', 'root', 'on-close', 'reported'],
    ['freebsd', 'directory', 'prompt', 'silent'],
  ] as const)('on %s: one handle per %s, open file appends %s, loss %s', (...row) => {
    const [platform, costPer, openFileAppends, loss] = row;
    const { place } = createOpenRequest('/w', { place: { platform } });
    expect(capabilitiesAt(place)).toMatchObject({ costPer, openFileAppends, loss });
  });
});
