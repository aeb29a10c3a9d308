import { EventRecorder } from '../../event-recorder.ts';
import type { ConformanceCase } from '../../conformance-case.ts';

/** An aborted signal opens nothing. */
export const abortBefore: ConformanceCase = {
  name: 'abort-before',
  title: 'a signal that is aborted already refuses the opening with ERR_WATCH_ABORTED',
  run: (bench) => bench.expectRefusal({ signal: AbortSignal.abort() }, 'ERR_WATCH_ABORTED'),
};

/** An abort during the opening takes back what was opened. */
export const abortDuring: ConformanceCase = {
  name: 'abort-during',
  title: 'an abort while opening rejects with ERR_WATCH_ABORTED and leaves no handle',
  run: async (bench) => {
    const { workspace } = bench;
    for (let index = 0; index < 300; index += 1) {
      workspace.makeDirectory(workspace.at(`d${index}/e`));
    }
    for (let turns = 0; turns < 12; turns += 1) {
      const controller = new AbortController();
      const opening = bench.backend.open(
        bench.request({ signal: controller.signal }),
        new EventRecorder(),
      );
      const outcome = opening.then(
        () => 'opened',
        (error: { readonly code?: string }) => error.code,
      );
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      controller.abort();
      const settled = await outcome;
      // With enough turns the opening was over first; the abort then closes it.
      if (turns === 0) bench.expect(settled, 'the outcome of opening').toBe('ERR_WATCH_ABORTED');
      bench
        .expect(settled === 'ERR_WATCH_ABORTED' || settled === 'opened', `outcome ${settled}`)
        .toBe(true);
      await bench.expectReleased();
    }
  },
};

/** An abort later is a close. */
export const abortAfter: ConformanceCase = {
  name: 'abort-after',
  title: 'an abort after opening closes the subscription: nothing follows, no handle is left',
  run: async (bench) => {
    const controller = new AbortController();
    const observation = await bench.open({ signal: controller.signal });
    controller.abort();
    const mark = observation.recorder.mark();
    bench.workspace.write(bench.workspace.at('late'));
    await observation.subscription.close();
    await bench.expectReleased();
    bench.expect(observation.recorder.mark(), 'sink calls after the abort').toBe(mark);
  },
};
