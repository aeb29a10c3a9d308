import { Worker } from 'node:worker_threads';
import type { ConformanceCase } from '../../conformance-case.ts';

const CYCLES = 50;

/** Writes files without pause until it is told to stop; runs in a thread of its own, so that it never waits for a turn. */
const WRITER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { writeFileSync } = require('node:fs');
  const stopped = new Int32Array(workerData.stopped);
  let count = 0;
  const write = () => {
    writeFileSync(workerData.root + '/w' + (count % 50), String(count));
    count += 1;
    if (count === 1) parentPort.postMessage('started');
    if (Atomics.load(stopped, 0) === 0) setImmediate(write);
  };
  write();
`;

/** Opening and closing while somebody writes. */
export const reopenCycles: ConformanceCase = {
  name: 'reopen-cycles',
  title: `${CYCLES} times open and close while a writer runs: no leak, and the last one works`,
  run: async (bench) => {
    const { workspace } = bench;
    const stopped = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const writer = new Worker(WRITER, {
      eval: true,
      workerData: { root: workspace.root, stopped },
    });
    const ended = new Promise((resolve) => {
      writer.once('exit', resolve);
    });
    try {
      await new Promise((resolve) => {
        writer.once('message', resolve);
      });
      for (let cycle = 0; cycle < CYCLES; cycle += 1) {
        const { subscription } = await bench.open();
        await subscription.close();
      }
    } finally {
      Atomics.store(new Int32Array(stopped), 0, 1);
      await ended;
    }
    await bench.expectReleased();
    const last = await bench.open();
    const path = workspace.at('last');
    await last.expectTouched(path, () => void workspace.write(path));
  },
};
