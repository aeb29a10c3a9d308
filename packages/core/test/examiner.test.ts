import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../src/clock.ts';
import type { AbsPath } from '../src/entry.ts';
import { CHUNK, Examiner, SLICE_MS, type Examined, type Job } from '../src/examiner.ts';
import { SlowLane, statAll } from '../src/look.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { scene, temporaryDirectory } from './support/scene.ts';

/** A clock on which every look at the time takes a while. */
function busyClock(): Clock {
  const clock = createManualClock();
  let now = 0;
  return { ...clock, now: () => (now += SLICE_MS) };
}

interface Bench {
  readonly examiner: Examiner;
  /** The jobs of each chunk, `!` where a slice ended. */
  readonly log: string[];
}

function bench(clock: Clock = createManualClock()): Bench {
  const log: string[] = [];
  const model: Examined = {
    *examine(jobs: readonly Job[]) {
      yield* statAll(jobs.map(({ path }) => path));
      log.push(jobs.map(({ path, reach }) => `${path}:${reach}`).join(' '));
    },
    examineNow: ({ path, reach }) => void log.push(`${path}:${reach}`),
    rested: () => void log.push('!'),
  };
  const examiner = new Examiner(model, clock, new SlowLane());
  examiner.slow = false;
  return { examiner, log };
}

function job(path: string, reach: Job['reach'] = 'entry'): Job {
  return { path: path as AbsPath, reach, origin: 'event' };
}

describe('Examiner', () => {
  it('looks once at a path that was touched often, as far as the farthest touch', async () => {
    const { examiner, log } = bench();
    for (const reach of ['entry', 'tree', 'children'] as const) examiner.touch(job('/a', reach));
    examiner.touch(job('/b'));
    await Promise.resolve();
    expect(log).toEqual(['/a:tree /b:entry', '!']);
  });

  it('lets the event loop turn when a slice is over', async () => {
    const { examiner, log } = bench(busyClock());
    for (let index = 0; index < CHUNK * 3; index++) examiner.touch(job(`/${index}`));
    await Promise.resolve();
    expect(log.filter((entry) => entry === '!')).toHaveLength(1);
    await expect.poll(() => log.filter((entry) => entry === '!').length).toBe(3);
  });

  it('completes a pass once all that waited and all that was found has been looked at', async () => {
    const { examiner, log } = bench(busyClock());
    examiner.touch(job('/waiting'));
    let done = 0;
    examiner.pass(
      () => {
        examiner.touch(job('/seeded'));
        examiner.scan(
          (function* () {
            yield* statAll([job('/scanned').path]);
            examiner.touch(job('/found'));
            log.push('scanned');
          })(),
        );
      },
      () => {
        done++;
        log.push('done');
      },
    );
    examiner.touch(job('/later'));
    await expect.poll(() => done).toBe(1);
    const end = log.indexOf('done');
    for (const part of ['/waiting', '/seeded', '/found', 'scanned']) {
      const at = log.findIndex((entry) => entry.includes(part));
      expect([part, at !== -1 && at < end]).toEqual([part, true]);
    }
  });

  it('does not let a storm of touches starve a scan', async () => {
    const { examiner, log } = bench(busyClock());
    let storming = true;
    const storm = (index: number): void => {
      if (!storming) return;
      for (let touch = 0; touch < CHUNK; touch++) examiner.touch(job(`/${index}-${touch}`));
      setImmediate(() => storm(index + 1));
    };
    storm(0);
    examiner.scan(
      (function* () {
        yield* statAll([job('/scanned').path]);
        log.push('scanned');
      })(),
    );
    await expect.poll(() => log.includes('scanned')).toBe(true);
    storming = false;
    examiner.close();
  });

  it('does nothing after close, whatever waited', async () => {
    const { examiner, log } = bench();
    examiner.touch(job('/a'));
    examiner.close();
    examiner.touch(job('/b'));
    examiner.wake();
    await Promise.resolve();
    expect(log).toEqual([]);
  });
});

describe('a scan of many entries', () => {
  it('holds the event loop for a slice at a time', async () => {
    const clock = busyClock();
    const { watcher } = scene({ clock });
    const root = temporaryDirectory();
    for (let index = 0; index < 20; index++) mkdirSync(join(root, `d${index}`));
    for (let index = 0; index < CHUNK * 3; index++) writeFileSync(join(root, `f${index}`), '');
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns++;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const watch = watcher.watch(root, { recursive: true });
    await watch.ready;
    counting = false;
    expect(turns).toBeGreaterThan(20);
    expect(watcher.stats().entries).toBe(20 + CHUNK * 3);
  });
});
