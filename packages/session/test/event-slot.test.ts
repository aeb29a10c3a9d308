import { describe, expect, it } from 'vitest';

import { EventSlot } from '../src/event-slot.ts';

type Sample = { readonly type: 'a' | 'b' | 'last'; readonly value: number };

function createSlot(): { slot: EventSlot<Sample>; ends: () => number } {
  let ends = 0;
  const slot = new EventSlot<Sample>(
    ['a', 'b', 'last'],
    (waiting, newer) => ({ ...newer, value: waiting.value + newer.value }),
    () => {
      ends += 1;
    },
  );
  return { slot, ends: () => ends };
}

describe('an event slot', () => {
  it('holds one event per type, joined, and hands them out in order', async () => {
    const { slot } = createSlot();
    slot.put({ type: 'b', value: 1 });
    for (let value = 1; value <= 100; value += 1) slot.put({ type: 'a', value });
    expect((await slot.next()).value).toEqual({ type: 'a', value: 5050 });
    expect((await slot.next()).value).toEqual({ type: 'b', value: 1 });
  });

  it('serves readers in the order in which they came', async () => {
    const { slot } = createSlot();
    const reads = [slot.next(), slot.next(), slot.next()];
    slot.put({ type: 'b', value: 1 });
    slot.put({ type: 'a', value: 2 });
    slot.end();
    expect(await Promise.all(reads)).toEqual([
      { done: false, value: { type: 'b', value: 1 } },
      { done: false, value: { type: 'a', value: 2 } },
      { done: true, value: undefined },
    ]);
  });

  it('hands out what waits before its end, and nothing put in after', async () => {
    const { slot, ends } = createSlot();
    slot.put({ type: 'last', value: 1 });
    slot.end();
    slot.end();
    slot.put({ type: 'a', value: 1 });
    expect((await slot.next()).value).toEqual({ type: 'last', value: 1 });
    expect((await slot.next()).done).toBe(true);
    expect(ends()).toBe(1);
  });

  it('drops what waits when it is aborted', async () => {
    const { slot } = createSlot();
    const controller = new AbortController();
    slot.endOn(controller.signal);
    slot.put({ type: 'a', value: 1 });
    controller.abort();
    expect((await slot.next()).done).toBe(true);
  });

  it('fails once, then is done', async () => {
    const { slot } = createSlot();
    slot.fail(new Error('no such thing'));
    await expect(slot.next()).rejects.toThrow('no such thing');
    expect((await slot.next()).done).toBe(true);
  });
});
