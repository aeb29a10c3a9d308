import { describe, expect, it, vi } from 'vitest';
import { join } from 'node:path';
import { BACKENDS } from './support/backends.ts';
import { obstacle } from './support/namespace.ts';
import { makePlace } from './support/place.ts';
import { expectTold, WatchingChild } from './support/watching-child.ts';
import { TEST_MS } from './support/patience.ts';

vi.setConfig({ testTimeout: TEST_MS });

const SIZE_BYTES = 2 * 1024 * 1024;
const missing = obstacle({ memoryDisk: { path: '/mnt', sizeBytes: SIZE_BYTES } });
const options = {
  poll: { intervalMs: 200 },
  fs: { rootCheckMs: 200 },
  native: { rootCheckMs: 200 },
  chokidar: { rootCheckMs: 200 },
};

/** Fills the disk to the last byte and goes on writing: what does not fit fails, what fits must be told. */
const FILL = `
  i=0
  while dd if=/dev/zero of="$1/fill$i" bs=65536 count=1 status=none 2>/dev/null; do i=$((i+1)); done
  echo text > "$1/fits-not" || true
  rm "$1/fill0"
  echo text > "$1/fits-again"
  echo more >> "$1/old"
`;

describe.for(BACKENDS)('%s on a disk of its own', (backend) => {
  const config = { use: backend, fallback: false, options };

  it('tells everything when the disk fills up and empties again', async ({ skip }) => {
    if (missing !== null) skip(missing);
    const path = makePlace();
    const child = new WatchingChild({ memoryDisk: { path, sizeBytes: SIZE_BYTES } });
    await child.ask('shell', 'echo old > "$1/old"', path);
    expect(await child.ask('open', { path, config })).toMatchObject({ isReady: true });
    await child.ask('shell', FILL, path);
    await expectTold(child);
    const status = await child.ask('status');
    expect(status).toMatchObject({ state: 'live', problems: [], contradictions: [] });
    expect(status.kinds.create).toBeGreaterThan(SIZE_BYTES / 65_536);
  });

  it('tells that everything is gone with an unmount, and what is there after a mount', async ({
    skip,
  }) => {
    if (missing !== null) skip(missing);
    const path = makePlace();
    const below = join(path, 'mounted');
    const child = new WatchingChild({ memoryDisk: { path, sizeBytes: SIZE_BYTES } });
    const mount = 'mkdir -p "$1" && mount -t tmpfs -o size=1m none "$1" && echo $2 > "$1/f"';
    await child.ask('shell', mount, below, 'first');
    expect(await child.ask('open', { path: below, config })).toMatchObject({ isReady: true });
    await child.ask('shell', 'umount "$1"', below);
    await expectTold(child);
    await child.ask('shell', 'echo under > "$1/under"', below);
    await expectTold(child);
    await child.ask('shell', mount, below, 'second');
    await expectTold(child);
    await child.ask('shell', 'echo third > "$1/g"', below);
    await expectTold(child);
    expect((await child.ask('status')).contradictions).toEqual([]);
  });
});
