import { describe, expect, it } from 'vitest';
import { toAbsPath } from '../src/abs-path.ts';
import type { ChangeOrigin } from '../src/change.ts';
import { SLICE_MS } from '../src/examiner.ts';
import { SlowLane, statAll } from '../src/look.ts';
import type { ScopeListener } from '../src/scope-listener.ts';
import { ScopeWork } from '../src/scope-work.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';

const root = toAbsPath('/w');

interface Bench {
  readonly work: ScopeWork;
  /** What was told, and what ended. */
  readonly log: string[];
  /** Does something in the middle of the next reading of the whole scope. */
  readonly meanwhile: (act: () => void) => void;
  readonly listener: (name: string) => ScopeListener;
}

/** Work in which each step takes a whole slice. */
function bench(): Bench {
  const log: string[] = [];
  let now = 0;
  let act = (): void => undefined;
  const clock = { ...createManualClock(), now: () => (now += SLICE_MS) };
  const listeners = new Map<string, ScopeListener>();
  const listener = (name: string): ScopeListener => ({
    wish: { auditIntervalMs: 0, hot: false },
    scopeMoved: () => undefined,
    scopeProblem: () => undefined,
    scopeRested: (repair) => void log.push(`${name} ${repair?.why ?? 'told'}`),
  });
  const find = (path: string, origin: ChangeOrigin): void => {
    const one = listeners.get(path) ?? listener(path);
    listeners.set(path, one);
    work.mark(one, origin);
  };
  const work = new ScopeWork(
    {
      root,
      listeners: () => listeners.values(),
      unsure: () => [],
      *examine(jobs) {
        yield* statAll(jobs.map(({ path }) => path));
        for (const { path, origin } of jobs) find(path, origin);
      },
      examineNow: ({ path, origin }) => find(path, origin),
      rested: () => work.rested(),
      seedUnder(path) {
        work.examiner.scan(
          (function* () {
            yield* statAll([path]);
            act();
            for (let step = 0; step < 3; step++) yield* statAll([path]);
          })(),
        );
      },
    },
    { clock, lane: new SlowLane(), counts: { repairs: 0, audits: 0 } },
  );
  work.examiner.slow = false;
  return { work, log, listener, meanwhile: (next) => void (act = next) };
}

const touch = (work: ScopeWork, path: string, origin: ChangeOrigin): void =>
  work.examiner.touch({ path: toAbsPath(path), reach: 'entry', origin });

describe('an ordinary change while a scope is read as a whole', () => {
  it('is told before the reading is over', async () => {
    const { work, log, meanwhile } = bench();
    meanwhile(() => touch(work, '/w/a', 'event'));
    log.push(`differed: ${await work.reread('stall')}`);
    expect(log).toEqual(['/w/a told', 'differed: false']);
  });

  it('waits for what the reading found for the same listener, and is told with it', async () => {
    const { work, log, meanwhile, listener } = bench();
    const same = listener('same');
    meanwhile(() => {
      work.mark(same, 'rescan');
      work.mark(same, 'event');
      touch(work, '/w/a', 'event');
    });
    const differed = await work.reread('stall');
    expect([...log, differed]).toEqual(['/w/a told', 'same stall', true]);
  });
});

describe('work that is cut short', () => {
  it('lets everybody go on who waits for it, and who comes later', async () => {
    const { work } = bench();
    const waiting = [work.pass(() => undefined), work.reread('stall')];
    work.close();
    await Promise.all([...waiting, work.pass(() => undefined)]);
    expect(await work.reread('stall')).toBe(false);
  });
});
