import type { ConformanceCase } from '../../conformance-case.ts';

/** Closing twice is closing once. */
export const closeIdempotent: ConformanceCase = {
  name: 'close-idempotent',
  title: 'every close returns the same promise, which resolves with no handle left',
  run: async (bench) => {
    const { subscription } = await bench.open();
    const first = subscription.close();
    bench.expect(subscription.close() === first, 'the same promise while closing').toBe(true);
    await first;
    bench.expect(subscription.close() === first, 'the same promise afterwards').toBe(true);
    await bench.expectReleased();
  },
};

/** Nothing follows the call. */
export const nothingAfterClose: ConformanceCase = {
  name: 'nothing-after-close',
  title: 'no sink call follows the call of close, whatever happened just before it',
  run: async (bench) => {
    const { workspace } = bench;
    const { subscription, recorder } = await bench.open();
    const other = await bench.open();
    workspace.write(workspace.at('before'));
    const mark = recorder.mark();
    const closing = subscription.close();
    await other.expectTouched(workspace.at('after'), () => {
      workspace.write(workspace.at('after'));
    });
    await closing;
    bench.expect(recorder.mark(), 'sink calls').toBe(mark);
  },
};

/** Closing from where one learns that it is time to. */
export const closeInSink: ConformanceCase = {
  name: 'close-in-sink',
  title: 'close may be called from inside a sink call, which is then the last one',
  run: async (bench) => {
    const { workspace } = bench;
    const observation = await bench.open();
    const { subscription, recorder } = observation;
    const closings: Promise<void>[] = [];
    recorder.onCall = () => void closings.push(subscription.close());
    for (let index = 0; index < 20; index += 1) workspace.write(workspace.at(`f${index}`));
    await observation.prompt();
    await recorder.until(() => closings.length > 0, bench.deadlineMs);
    await Promise.all(closings);
    await bench.expectReleased();
    bench.expect(closings.length, 'sink calls').toBe(1);
  },
};

/** Closing before the first event had a chance. */
export const closeAtOnce: ConformanceCase = {
  name: 'close-at-once',
  title: 'closing in the turn in which open resolved leaves nothing behind',
  run: async (bench) => {
    bench.workspace.write(bench.workspace.at('a/b/file'));
    const { subscription } = await bench.open();
    await subscription.close();
    await bench.expectReleased();
  },
};
