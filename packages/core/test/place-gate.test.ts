import { describe, expect, it } from 'vitest';
import { ANSWERING_MS, looksAtOnce, PlaceGate } from '../src/place-gate.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';

/** A place whose looks begin when they are let in, and end when it answers. */
function stage(limit = 3) {
  const clock = createManualClock();
  const gate = new PlaceGate(clock, limit);
  const begun: string[] = [];
  const answers: (() => void)[] = [];
  const ask = (place: string): Promise<void> =>
    gate.pass(place, () => {
      begun.push(place);
      return new Promise((resolve) => void answers.push(resolve));
    });
  const answer = async (): Promise<void> => {
    answers.shift()?.();
    await clock.advance(0);
  };
  return { clock, begun, ask, answer };
}

describe('looks at places that may not answer', () => {
  it('leave room for other places while one is dead', async () => {
    const { begun, ask } = stage();
    for (const place of ['dead', 'dead', 'dead', 'dead', 'well', 'fine']) void ask(place);
    expect(begun).toEqual(['dead', 'well', 'fine']);
  });

  it('are two at once where one was answered lately, and one where not', async () => {
    const { clock, begun, ask, answer } = stage();
    for (let count = 0; count < 4; count++) void ask('well');
    expect(begun).toHaveLength(1);
    await answer();
    expect(begun).toHaveLength(3);
    clock.block(ANSWERING_MS);
    void ask('well');
    expect(begun).toHaveLength(3);
  });

  it('are never more altogether, and taken in turn', async () => {
    const { begun, ask, answer } = stage(2);
    for (const place of ['a', 'b', 'c', 'c', 'a']) void ask(place);
    expect(begun).toEqual(['a', 'b']);
    await answer();
    expect(begun).toEqual(['a', 'b', 'a']);
    await answer();
    expect(begun).toEqual(['a', 'b', 'a', 'c']);
  });

  it('go on after one that failed', async () => {
    const gate = new PlaceGate(createManualClock(), 1);
    const failed = gate.pass('a', () => Promise.reject(new Error('EIO')));
    const next = gate.pass('a', async () => 'answer');
    await expect(failed).rejects.toThrow('EIO');
    expect(await next).toBe('answer');
  });

  it.each([
    [undefined, 3],
    ['odd', 3],
    ['16', 15],
    ['1', 1],
  ])('leave a thread of a pool of %s', (size, looks) => {
    expect(looksAtOnce(size)).toBe(looks);
  });
});
