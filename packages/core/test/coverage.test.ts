import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WatchError } from '../src/errors.ts';
import { UNCOVERED_POLL_MS } from '../src/scope-coverage.ts';
import { createManualClock, type ManualClock } from '../src/testing/manual-clock.ts';
import type { Watch } from '../src/watch.ts';
import { record, scene, type Record as Seen, type Scene } from './support/scene.ts';

interface Watched extends Scene {
  readonly clock: ManualClock;
  readonly watch: Watch;
  readonly seen: Seen;
}

function limit(...paths: readonly string[]): WatchError {
  return new WatchError('This user has used up its inotify watches', {
    code: 'ERR_WATCH_LIMIT_WATCHES',
    effect: 'partial',
    retryable: true,
    backend: 'manual',
    paths,
    remedy: 'raise the limit',
  });
}

/** Watches a tree with the directories `a` and `b`. */
async function watched(): Promise<Watched> {
  const clock = createManualClock();
  const set = scene({ clock });
  for (const name of ['a', 'b']) {
    mkdirSync(set.at(name));
    writeFileSync(set.at(name, 'f'), '');
  }
  const watch = set.watcher.watch(set.root, { recursive: true });
  const seen = record(watch, set.root);
  await watch.ready;
  return { ...set, clock, watch, seen };
}

describe('a directory that no backend covers', () => {
  it('is looked at every second, with all that is below it', async () => {
    const { backend, clock, watch, seen, at } = await watched();
    backend.degrade(limit(at('a')));
    expect(watch.state).toBe('degraded');
    for (const name of ['a', 'b']) appendFileSync(at(name, 'f'), 'x');
    mkdirSync(at('a', 'deep'));
    writeFileSync(at('a', 'deep', 'g'), '');
    await clock.advance(UNCOVERED_POLL_MS);
    expect(await seen.next(3)).toEqual(['create a/deep', 'create a/deep/g', 'modify a/f']);
    expect(seen.batches[0]?.changes.every(({ origin }) => origin === 'poll')).toBe(true);
    appendFileSync(at('a', 'deep', 'g'), 'x');
    await clock.advance(UNCOVERED_POLL_MS);
    expect(await seen.next(1)).toEqual(['modify a/deep/g']);
  });

  it('is looked at for as long as it is there, also when it is a file', async () => {
    const { backend, clock, watch, seen, at } = await watched();
    backend.degrade(limit(at('a', 'f')));
    for (let round = 0; round < 3; round++) {
      appendFileSync(at('a', 'f'), 'x');
      await clock.advance(UNCOVERED_POLL_MS);
      expect(await seen.next(1)).toEqual(['modify a/f']);
      await expect.poll(() => clock.pending).toBe(1);
      expect([watch.state, watch.covered.uncovered]).toEqual(['degraded', [at('a', 'f')]]);
    }
    rmSync(at('a', 'f'));
    await clock.advance(UNCOVERED_POLL_MS);
    expect(await seen.next(1)).toEqual(['remove a/f']);
    await expect.poll(() => watch.state).toBe('live');
    expect(clock.pending).toBe(0);
  });

  it('is one problem, told again only when there are ten times as many', async () => {
    const { backend, seen, at } = await watched();
    const first = limit(at('d0'));
    backend.degrade(first);
    for (let index = 1; index < 40; index++) backend.degrade(limit(at(`d${index}`)));
    expect(seen.problems).toHaveLength(2);
    expect(seen.problems[0]).toBe(first);
    expect(seen.problems[1]).toMatchObject({
      code: 'ERR_WATCH_LIMIT_WATCHES',
      effect: 'partial',
      remedy: 'raise the limit',
      message: expect.stringContaining('10 places') as string,
    });
    expect(seen.problems[1]?.paths).toHaveLength(10);
  });

  it('is covered again when the backend says that what it did not cover may have changed', async () => {
    const { backend, clock, watch, seen, at } = await watched();
    backend.degrade(limit(at('a')));
    appendFileSync(at('a', 'f'), 'x');
    backend.lose('uncovered', at('a'));
    expect(await seen.next(1)).toEqual(['modify a/f']);
    expect(watch.state).toBe('live');
    await clock.advance(UNCOVERED_POLL_MS);
    appendFileSync(at('a', 'f'), 'y');
    await clock.advance(UNCOVERED_POLL_MS * 3);
    expect(seen.take()).toEqual([]);
    expect(seen.states).toEqual(['live', 'degraded', 'live']);
  });

  it('is no concern any more once it is gone', async () => {
    const { backend, clock, watch, seen, at } = await watched();
    backend.degrade(limit(at('a')));
    rmSync(at('a'), { recursive: true });
    await clock.advance(UNCOVERED_POLL_MS);
    expect(await seen.next(2)).toEqual(['remove a/f', 'remove a']);
    await expect.poll(() => watch.state).toBe('live');
    expect(clock.pending).toBe(0);
  });

  it('is not looked at after the watch was closed', async () => {
    const { backend, clock, watch, at } = await watched();
    backend.degrade(limit(at('a')));
    await watch.close();
    expect(clock.pending).toBe(0);
  });

  it('is not what a backend only notes', async () => {
    const { backend, clock, watch, seen } = await watched();
    const noted = new WatchError('An ignore function threw', {
      code: 'ERR_WATCH_LISTENER',
      effect: 'noted',
      backend: 'manual',
    });
    backend.degrade(noted);
    expect(seen.problems).toEqual([noted]);
    expect([watch.state, clock.pending]).toEqual(['live', 0]);
  });
});
