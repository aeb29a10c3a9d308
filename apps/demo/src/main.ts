import { startDemo } from './demo.ts';
import type { Demo } from './demo.ts';
import { help, parseOptions } from './options.ts';
import type { DemoOptions } from './options.ts';

/** The process around the demo: arguments, addresses, signals, exit codes. */
const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;

const complain = (text: string): void => void process.stderr.write(`watchkeeper demo: ${text}\n`);

function readOptions(): DemoOptions | null {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options !== 'help') return options;
    process.stdout.write(help);
  } catch (error) {
    complain(`${error instanceof Error ? error.message : String(error)}; see --help`);
    process.exitCode = EXIT_USAGE;
  }
  return null;
}

function announce(demo: Demo, options: DemoOptions): void {
  const bold = process.stdout.isTTY && !process.env['NO_COLOR'];
  const address = bold ? `\u001B[1m${demo.url}\u001B[22m` : demo.url;
  console.log(`\n  Watchkeeper demo: ${address}\n`);
  if (demo.roots.length === 0) console.log('  no transcripts of this user were found');
  for (const root of demo.roots) console.log(`  following ${root}`);
  if (options.simulate) console.log('  with two simulated agents');
  console.log('  Ctrl-C stops it\n');
}

async function run(options: DemoOptions): Promise<void> {
  const demo = await startDemo(options, complain);
  const stop = (): void => {
    // A second signal during the stop ends the process the hard way.
    for (const signal of signals) process.removeListener(signal, stop);
    void demo.close().catch((error: Error) => {
      complain(error.message);
      process.exitCode = EXIT_FAILURE;
    });
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  announce(demo, options);
  try {
    await demo.synced;
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
  }
}

const options = readOptions();
if (options !== null) {
  await run(options).catch((error: unknown) => {
    complain(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof TypeError ? EXIT_USAGE : EXIT_FAILURE;
  });
}
