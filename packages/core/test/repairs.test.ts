import { expect, it } from 'vitest';

import { toAbsPath } from '../src/abs-path.ts';
import { PassQueue } from '../src/pass-queue.ts';
import { Repairs } from '../src/repairs.ts';

it('looks again at what was lost during a repair before a flush that came meanwhile is over', () => {
  const ends: (() => void)[] = [];
  const told: string[] = [];
  const passes = new PassQueue({
    pass(seed, done) {
      seed();
      ends.push(done);
    },
  });
  const root = toAbsPath('/w');
  const repairs = new Repairs(
    passes,
    () => undefined,
    ({ why }) => told.push(`repaired after ${why}`) > 0,
  );

  repairs.note([root], 'overflow');
  repairs.begin();
  passes.run({ seed: () => undefined, done: () => told.push('flushed') });
  repairs.note([root], 'overflow');
  repairs.begin();
  while (ends.length > 0) ends.shift()?.();

  expect(told).toEqual(['repaired after overflow', 'flushed']);
});
