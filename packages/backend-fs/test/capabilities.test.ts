import { describe, expect, it } from 'vitest';
import { capabilitiesAt, watchesTreesNatively } from '../src/capabilities.ts';
import { placeAt } from './request.ts';

describe('the capabilities of the fs backend', () => {
  it.each([
    ['linux', 'directory', 'prompt', 'silent', false],
    ['darwin', 'root', 'on-close', 'silent', true],
    ['win32', 'root', 'on-close', 'reported', true],
    ['freebsd', 'directory', 'prompt', 'silent', false],
  ] as const)('on %s: one handle per %s, open file appends %s, loss %s', (...row) => {
    const [platform, costPer, openFileAppends, loss, native] = row;
    const capabilities = capabilitiesAt(placeAt('/w', { platform }));
    expect(capabilities).toMatchObject({ costPer, openFileAppends, loss });
    expect(watchesTreesNatively(platform)).toBe(native);
  });

  it.each([
    [false, 'seen'],
    [true, 'unseen'],
    ['unknown', 'unknown'],
  ] as const)('where shared is %s, writes of other hosts are %s', (shared, foreignWrites) => {
    expect(capabilitiesAt(placeAt('/w', { shared })).foreignWrites).toBe(foreignWrites);
  });
});
