import { expect, it } from 'vitest';
import { Gate } from '../src/gate.ts';

it('lets a fixed number run at once, in order, and goes on after a failure', async () => {
  const gate = new Gate(2);
  const started: number[] = [];
  const ends = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const runs = ends.map((end, index) =>
    gate.run(async () => {
      started.push(index);
      await end.promise;
      return index;
    }),
  );
  expect(started).toEqual([0, 1]);
  ends[0]?.reject(new Error('no answer'));
  await expect(runs[0]).rejects.toThrow('no answer');
  expect(started).toEqual([0, 1, 2]);
  for (const end of ends) end.resolve();
  expect(await Promise.all(runs.slice(1))).toEqual([1, 2, 3]);
  expect(started).toEqual([0, 1, 2, 3]);
});
