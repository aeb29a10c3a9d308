import { createManualClock } from '@watchkeeper/core/testing';
import { expect, it } from 'vitest';

import {
  PROGRESS_DELAY_MS,
  PROGRESS_INTERVAL_MS,
  withProgress,
} from '../../src/output/progress.ts';

function rig(isTerminal: boolean) {
  const clock = createManualClock();
  const written: string[] = [];
  const stderr = { isTerminal, write: async (text: string) => void written.push(text) };
  let finish: (value: string) => void = () => undefined;
  const work = new Promise<string>((resolve) => {
    finish = resolve;
  });
  let step = 0;
  const describe = (): string => `step ${(step += 1)}`;
  return {
    clock,
    written,
    finish: (value: string) => finish(value),
    result: withProgress(work, { stderr, clock, describe }),
  };
}

it('shows nothing of quick work', async () => {
  const { clock, finish, result, written } = rig(true);
  await clock.advance(PROGRESS_DELAY_MS - 1);
  finish('done');
  expect(await result).toBe('done');
  expect(written).toEqual([]);
  expect(clock.pending).toBe(0);
});

it('shows how far slow work is, and removes it at the end', async () => {
  const { clock, finish, result, written } = rig(true);
  await clock.advance(PROGRESS_DELAY_MS + PROGRESS_INTERVAL_MS);
  finish('done');
  await result;
  expect(written).toEqual(['\r\u001B[2Kstep 1', '\r\u001B[2Kstep 2', '\r\u001B[2K']);
  expect(clock.pending).toBe(0);
});

it('shows nothing where nobody looks', async () => {
  const { clock, finish, result, written } = rig(false);
  await clock.advance(60_000);
  finish('done');
  await result;
  expect(written).toEqual([]);
});
