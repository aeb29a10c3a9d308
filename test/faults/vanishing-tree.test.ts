import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { BACKENDS } from './support/backends.ts';
import { makeDirectories, makePlace } from './support/place.ts';
import { runElsewhere } from './support/elsewhere.ts';
import { expectTold, WatchingChild } from './support/watching-child.ts';
import { TEST_MS } from './support/patience.ts';

vi.setConfig({ testTimeout: TEST_MS });

const events = { rootCheckMs: 200 };
const options = { poll: { intervalMs: 200 }, fs: events, native: events, chokidar: events };

function populate(root: string, content = 'old\n'): void {
  for (const directory of makeDirectories(root, 'd', 20)) {
    for (let index = 0; index < 10; index += 1)
      writeFileSync(join(directory, `f${index}`), content);
  }
}

/** Writes to a tree while it is removed: what the writer cannot do any more is no failure. */
const WRITE_AND_REMOVE = `
  const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
  const { execFile } = require('node:child_process');
  const [root, end] = process.argv.slice(1);
  const remover = execFile('rm', ['-rf', root], () => {
    rmSync(root, { recursive: true, force: true });
    if (end === 'again') {
      mkdirSync(root + '/d0', { recursive: true });
      writeFileSync(root + '/d0/f0', 'another\\n');
    }
    process.exit(0);
  });
  const write = (index) => {
    try {
      writeFileSync(root + '/d' + index % 20 + '/w' + index, 'new\\n');
    } catch {
      // Its directory is gone.
    }
    setImmediate(write, index + 1);
  };
  write(0);
`;

/** What happens to a watched tree. */
const fates: readonly (readonly [string, (root: string) => Promise<void>])[] = [
  ['is removed while it is written', (root) => runElsewhere(WRITE_AND_REMOVE, root, 'for good')],
  [
    'is removed while it is written, and made again',
    (root) => runElsewhere(WRITE_AND_REMOVE, root, 'again'),
  ],
  [
    'is replaced by another one',
    (root) => {
      const other = `${root}-other`;
      mkdirSync(other);
      populate(other, 'another\n');
      renameSync(root, `${root}-former`);
      renameSync(other, root);
      writeFileSync(join(`${root}-former`, 'd0', 'f0'), 'not watched any more\n');
      return Promise.resolve();
    },
  ],
  [
    'goes with its parent, and comes back with it',
    (root) => {
      rmSync(dirname(root), { recursive: true });
      mkdirSync(root, { recursive: true });
      populate(root, 'another\n');
      return Promise.resolve();
    },
  ],
  [
    'goes by a rename of its parent, and comes back in another one',
    (root) => {
      const parent = dirname(root);
      renameSync(parent, `${parent}-away`);
      mkdirSync(root, { recursive: true });
      writeFileSync(join(root, 'first'), 'another\n');
      return Promise.resolve();
    },
  ],
];

const rows = BACKENDS.flatMap((backend) =>
  fates.map(([title, fate]) => [backend, title, fate] as const),
);

describe('a tree that vanishes', () => {
  it.for(rows)('%s: the tree %s', async ([backend, , fate]) => {
    const path = join(makePlace(), 'parent', 'tree');
    mkdirSync(path, { recursive: true });
    populate(path);
    const child = new WatchingChild();
    const config = { use: backend, fallback: false, options };
    expect(await child.ask('open', { path, config })).toMatchObject({ isReady: true });
    await fate(path);
    await expectTold(child);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'last'), 'new\n');
    await expectTold(child);
    expect(await child.ask('status')).toMatchObject({ contradictions: [] });
    expect(await child.ask('close')).toMatchObject({ handles: 0, watches: 0 });
  });
});
