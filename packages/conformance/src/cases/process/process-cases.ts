import type { Bench } from '../../bench.ts';
import type { ConformanceCase } from '../../conformance-case.ts';
import { childData, runChild, WATCHING, type ChildEnd } from './child.ts';

const needsModule = ({ module }: Bench): true | string =>
  module !== null || 'the option "module" does not say how another process imports the backend';

interface ProcessRow {
  readonly name: string;
  readonly title: string;
  readonly persistent: boolean;
  readonly program: string;
  readonly end: ChildEnd;
  readonly applies?: ConformanceCase['applies'];
  /** Sent once the program says that it watches. */
  readonly signal?: NodeJS.Signals;
}

/** How long a watch alone keeps its process, in milliseconds: what nothing keeps ends before any timer, however short. */
const HELD_MS = 50;

const ENDED: ChildEnd = { code: 0, signal: null, printed: 'live' };

const rows: readonly ProcessRow[] = [
  {
    name: 'exit-unref',
    title: 'a process with nothing but an unreferenced watch ends by itself, with code 0',
    persistent: false,
    program: `begin(data, () => console.log('live'));`,
    end: ENDED,
    applies: ({ capabilities }) => capabilities.unref || 'the backend cannot let a process go',
  },
  {
    name: 'exit-referenced',
    title: 'a watch keeps its process alive until it is closed, which then ends with code 0',
    persistent: true,
    program: `begin(data, (watch) => {
      let over = false;
      process.on('exit', () => { if (!over) console.log('too early'); });
      setTimeout(() => { over = true; console.log('live'); void watch.close(); }, ${HELD_MS}).unref();
    });`,
    end: ENDED,
  },
  {
    name: 'exit-open',
    title: 'process.exit with an open watch ends with code 0 and no signal',
    persistent: true,
    program: `begin(data, () => { console.log('live'); process.exit(0); });`,
    end: ENDED,
  },
  {
    name: 'signal-open',
    title: 'a process with an open watch dies of SIGTERM at once',
    persistent: true,
    program: `begin(data, () => console.log('live'));`,
    end: { code: null, signal: 'SIGTERM', printed: 'live' },
    applies: () => process.platform !== 'win32' || 'there are no signals on Windows',
    signal: 'SIGTERM',
  },
];

/** A thread that is terminated while it watches, in a process that goes on. */
const WORKER = `
  const { Worker } = require('node:worker_threads');
  const code = ${JSON.stringify(WATCHING)} +
    "const { parentPort, workerData } = require('node:worker_threads');" +
    "begin(workerData, () => parentPort.postMessage('live'));";
  const worker = new Worker(code, { eval: true, workerData: data });
  worker.on('error', (error) => { console.log(String(error)); process.exit(1); });
  worker.once('message', async (message) => {
    require('node:fs').writeFileSync(data.root + '/late', 'x');
    await worker.terminate();
    console.log(message);
  });
`;

const workerTerminate: ConformanceCase = {
  name: 'worker-terminate',
  title: 'a worker thread that is terminated while it watches leaves its process alive',
  applies: needsModule,
  run: async (bench) => {
    const end = await runChild(WORKER, childData(bench, true), bench.deadlineMs);
    bench.expect(end, 'the end of the process').toEqual(ENDED);
  },
};

function processCase(row: ProcessRow): ConformanceCase {
  return {
    name: row.name,
    title: row.title,
    applies: (bench) => {
      const possible = row.applies?.(bench) ?? true;
      return possible === true ? needsModule(bench) : possible;
    },
    run: async (bench) => {
      const program = `${WATCHING}${row.program}`;
      const data = childData(bench, row.persistent);
      const end = await runChild(program, data, bench.deadlineMs, (kill) => {
        if (row.signal !== undefined) kill(row.signal);
      });
      bench.expect(end, 'the end of the process').toEqual(row.end);
    },
  };
}

/** What an open watch does to the process it is in. */
export const processCases: readonly ConformanceCase[] = [...rows.map(processCase), workerTerminate];
