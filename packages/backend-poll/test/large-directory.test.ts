import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PAGE_ENTRIES } from '../src/disk-reader.ts';
import { LARGE_MEMBERS } from '../src/sweep.ts';
import { Polling } from './polling.ts';

const COUNT = LARGE_MEMBERS + PAGE_ENTRIES;
const EIO_AT = 3;

describe('a directory with very many members', () => {
  let polling: Polling;
  beforeEach(() => {
    polling = new Polling({ intervalMs: 1000 });
    for (let index = 0; index < COUNT; index += 1)
      polling.write(`d/a-name-of-some-length-${index}`);
  });
  afterEach(() => polling.workspace.dispose());

  it('is listed in parts, and every coming and going in it is found', async () => {
    const subscription = await polling.open();
    const fresh = polling.write('d/fresh');
    const gone = polling.workspace.at('d/a-name-of-some-length-700');
    polling.workspace.remove(gone);
    await polling.clock.advance(1000);
    const touched = polling.recorder.touchesSince().map(({ path, hint }) => [path, hint]);
    expect(touched).toContainEqual([fresh, 'created']);
    expect(touched).toContainEqual([gone, 'removed']);
    expect(touched).toHaveLength(3);
    expect(polling.disk.openPages).toBe(0);
    await subscription.close();
  });

  it('keeps its members when a part cannot be read', async () => {
    const subscription = await polling.open();
    const directory = polling.workspace.at('d');
    polling.write('d/fresh');
    polling.disk.pagesBeforeFailure = EIO_AT;
    await polling.clock.advance(1000);
    expect(polling.recorder.touchesSince().filter(({ hint }) => hint === 'removed')).toEqual([]);
    expect(polling.recorder.degradedSince()).toMatchObject([
      { code: 'ERR_WATCH_IO', paths: [directory] },
    ]);
    await polling.clock.advance(1000);
    expect(polling.recorder.covers(polling.workspace.at('d/fresh'))).toBe(true);
    expect(polling.disk.openPages).toBe(0);
    await subscription.close();
  });

  it('is let go of when a close comes between two parts', async () => {
    const subscription = await polling.open();
    polling.write('d/fresh');
    polling.disk.lookMs = 1;
    const sweeping = polling.clock.advance(1000);
    for (let turns = 0; polling.disk.openPages === 0 && turns < 1000; turns += 1) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect(polling.disk.openPages).toBe(1);
    await Promise.all([sweeping, subscription.close()]);
    expect(polling.disk.openPages).toBe(0);
  });
});
