import { describe, expect, it } from 'vitest';
import { ENGINES } from '../src/native-binding.ts';
import { NativeBench, Recorder } from './native-bench.ts';

function failOnce(bench: NativeBench): void {
  bench.binding.onUnsubscribe = () => {
    bench.binding.onUnsubscribe = null;
    throw new Error('Unable to remove watcher: Invalid argument');
  };
}

describe('an unsubscribing that fails half-way', () => {
  it('does not fail the close', async () => {
    const bench = new NativeBench();
    const { subscription } = await bench.open();
    failOnce(bench);
    await expect(subscription.close()).resolves.toBeUndefined();
  });

  it('bars the directory while the thread of the binding lives, so that another backend takes over', async () => {
    const bench = new NativeBench();
    const other = await bench.open({ root: bench.makeDirectory('other') });
    const path = bench.makeDirectory('stale');
    const { subscription } = await bench.open({ root: path });
    failOnce(bench);
    await subscription.close();
    const calls = bench.binding.calls.length;
    const again = bench.backend.open(bench.request({ root: path }), new Recorder());
    await expect(again).rejects.toMatchObject({
      code: 'ERR_WATCH_BACKEND_FAILED',
      retryable: true,
      paths: [path],
    });
    expect(bench.binding.calls).toHaveLength(calls);
    await other.subscription.close();
    const fresh = await bench.open({ root: path });
    await fresh.subscription.close();
  });

  it('makes the thread of the binding end when it was the last', async () => {
    const bench = new NativeBench();
    const { subscription } = await bench.open();
    failOnce(bench);
    await subscription.close();
    expect(bench.binding.calls.at(-1)).toBe(`getEventsSince ${bench.root}`);
    const fresh = await bench.open();
    await fresh.subscription.close();
    expect(bench.binding.calls.at(-1)).toBe(`unsubscribe ${bench.root}`);
  });
});

describe('a subscribing that fails half-way', () => {
  it('bars the directory while anything else is subscribed', async () => {
    const bench = new NativeBench();
    const other = await bench.open({ root: bench.makeDirectory('other') });
    const path = bench.makeDirectory('full');
    bench.binding.onSubscribe = () => {
      throw new Error("inotify_add_watch on '/x' failed: No space left on device");
    };
    const open = (): Promise<unknown> =>
      bench.backend.open(bench.request({ root: path }), new Recorder());
    await expect(open()).rejects.toMatchObject({ code: 'ERR_WATCH_LIMIT_WATCHES' });
    bench.binding.onSubscribe = null;
    await expect(open()).rejects.toMatchObject({ code: 'ERR_WATCH_BACKEND_FAILED' });
    await other.subscription.close();
    const fresh = await bench.open({ root: path });
    await fresh.subscription.close();
  });
});

describe('the engine of the binding', () => {
  it('is named in every call: a binding left to choose asks for Watchman first, at the cost of a descriptor', async () => {
    const bench = new NativeBench();
    const { subscription } = await bench.open();
    failOnce(bench);
    await subscription.close();
    const engine = ENGINES[process.platform];
    expect(engine).toBeTypeOf('string');
    expect(bench.binding.engines).toEqual([engine, engine]);
  });
});
