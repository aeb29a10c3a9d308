import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';

import { describeMachine, fileSystemOf, versionsOf } from '../harness/machine.ts';

const MOUNTS = [
  '22 1 254:0 / / rw - ext4 /dev/vda rw',
  '23 22 0:21 / /tmp rw,nosuid shared:1 - tmpfs tmpfs rw',
  '24 22 0:22 / /data rw - xfs /dev/vdb rw',
  '25 24 0:23 / /data rw - overlay overlay rw',
  '',
].join('\n');

describe('fileSystemOf', () => {
  it.each([
    { path: '/home/me', type: 'ext4' },
    { path: '/tmp', type: 'tmpfs' },
    { path: '/tmp/bench/files', type: 'tmpfs' },
    { path: '/tmpfiles', type: 'ext4' },
    { path: '/data/x', type: 'overlay' },
  ])('finds $type for $path', ({ path, type }) => {
    expect(fileSystemOf(path, MOUNTS)).toBe(type);
  });

  it('does not guess without a table', () => {
    expect(fileSystemOf('/tmp', '')).toBe('unknown');
  });
});

describe('describeMachine', () => {
  it('knows this machine', () => {
    const machine = describeMachine(tmpdir());
    expect(machine.node).toBe(process.version);
    expect(machine.cores).toBeGreaterThan(0);
    expect(machine.cpu).not.toBe('');
  });
});

describe('versionsOf', () => {
  it('reads the installed versions, once each', () => {
    const versions = versionsOf(['watchpack', 'chokidar', 'watchpack']);
    expect(Object.keys(versions)).toEqual(['chokidar', 'watchpack']);
    for (const version of Object.values(versions)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });
});
