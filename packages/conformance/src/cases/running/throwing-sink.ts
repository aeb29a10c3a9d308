import type { ConformanceCase } from '../../conformance-case.ts';

/** A sink that throws does not end the delivery. */
export const throwingSink: ConformanceCase = {
  name: 'throwing-sink',
  title: 'a sink that throws is told of it once, and touches go on',
  run: async (bench) => {
    const { workspace } = bench;
    const observation = await bench.open();
    observation.recorder.onCall = () => {
      throw new Error('from the sink');
    };
    const first = workspace.at('first');
    const second = workspace.at('second');
    await observation.expectTouched(first, () => void workspace.write(first));
    await observation.expectTouched(second, () => void workspace.write(second));
    observation.recorder.onCall = null;
    await observation.settle();
    const told = observation.recorder.degradedSince();
    bench.expect(told.length, 'reports of the throw').toBe(1);
    bench.expect(told[0]?.effect, 'the effect of the report').toBe('noted');
  },
};
