import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { BACKENDS } from './support/backends.ts';
import { runElsewhere } from './support/elsewhere.ts';
import { makePlace } from './support/place.ts';
import { expectTold, WatchingChild } from './support/watching-child.ts';
import { TEST_MS } from './support/patience.ts';

vi.setConfig({ testTimeout: TEST_MS });

const EXISTING = 200;
/** Three events each, against a kernel's queue of 16,384. */
const CREATED = 12_000;
const BLOCK_MS = 5000;
const WRITES = 24_000;

/** A tree with files to modify and one to remove. */
function populate(): string {
  const root = makePlace();
  for (let index = 0; index < EXISTING; index += 1) {
    writeFileSync(join(root, `old${index}`), 'old\n');
  }
  writeFileSync(join(root, 'doomed'), 'old\n');
  return root;
}

/** Creations first, so that they fill the queue and what follows is dropped. */
function burst(root: string): void {
  for (let index = 0; index < CREATED; index += 1) {
    writeFileSync(join(root, `new${index}`), 'new\n');
  }
  for (let index = 0; index < EXISTING; index += 1) {
    appendFileSync(join(root, `old${index}`), 'more\n');
  }
  rmSync(join(root, 'doomed'));
}

/** Writes new files and changes an old one. */
const WRITE = `
  const { writeFileSync } = require('node:fs');
  const [root, count] = process.argv.slice(1);
  for (let index = 0; index < Number(count); index += 1) {
    writeFileSync(root + '/burst' + index, 'new\\n');
  }
  writeFileSync(root + '/old0', 'another text\\n');
`;

describe.for(BACKENDS)('%s', (backend) => {
  const config = { use: backend, fallback: false };

  it('tells every change of a burst that ran while the process was stopped', async () => {
    const path = populate();
    const child = new WatchingChild();
    expect(await child.ask('open', { path, config })).toMatchObject({ isReady: true });
    child.signal('SIGSTOP');
    burst(path);
    child.signal('SIGCONT');
    await expectTold(child);
    const { kinds, contradictions } = await child.ask('status');
    expect(kinds).toEqual({ create: EXISTING + 1 + CREATED, modify: EXISTING, remove: 1 });
    expect(contradictions).toEqual([]);
  });

  it('tells every file that another process wrote while the event loop was blocked', async () => {
    const path = populate();
    const child = new WatchingChild();
    expect(await child.ask('open', { path, config })).toMatchObject({ isReady: true });
    const done = join(dirname(path), 'done');
    const blocked = child.ask('block', BLOCK_MS, done);
    await runElsewhere(WRITE, path, String(WRITES));
    writeFileSync(done, '');
    await blocked;
    await expectTold(child);
    const { kinds, contradictions } = await child.ask('status');
    expect(kinds).toMatchObject({ create: EXISTING + 1 + WRITES, modify: 1 });
    expect(contradictions).toEqual([]);
  });
});
