import { parseArgs } from 'node:util';

/** What the demo was asked to do. */
export interface DemoOptions {
  /** The port, or `null` for a free one near {@link DEFAULT_PORT}. */
  readonly port: number | null;
  /** Extra directories with transcripts. */
  readonly roots: readonly string[];
  /** Whether simulated agents write. */
  readonly simulate: boolean;
  /** Pace of the simulated agents: 2 is twice as fast. */
  readonly speed: number;
}

/** The first port that is tried. */
export const DEFAULT_PORT = 4747;

/** The text of `--help`. */
export const help: string = `Watchkeeper demo: a dashboard of live coding-agent sessions.

Usage: pnpm demo [options]

  --port N        listen on this port (default: a free one from ${DEFAULT_PORT} on)
  --root DIR      follow the transcripts below this directory, instead of this user's own
                  ($CLAUDE_CONFIG_DIR/projects or ~/.claude/projects); may be repeated
  --no-simulate   start no simulated agents
  --speed X       pace of the simulated agents, 0.1 to 100 (default: 1)
  -h, --help      show this

The page listens on this machine only. Stop with Ctrl-C.
`;

/** Reads the command line; `'help'` when help was asked for. Throws a `TypeError` that says what is wrong. */
export function parseOptions(args: readonly string[]): DemoOptions | 'help' {
  const { values } = parseArgs({
    // pnpm hands a leading `--` through.
    args: args[0] === '--' ? args.slice(1) : [...args],
    allowNegative: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      port: { type: 'string' },
      root: { type: 'string', multiple: true, default: [] },
      simulate: { type: 'boolean', default: true },
      speed: { type: 'string', default: '1' },
    },
  });
  if (values.help) return 'help';
  return {
    port: values.port === undefined ? null : integer('--port', values.port, 0, 65_535),
    roots: values.root,
    simulate: values.simulate,
    speed: decimal('--speed', values.speed, 0.1, 100),
  };
}

function integer(option: string, text: string, low: number, high: number): number {
  const value = decimal(option, text, low, high);
  if (!Number.isInteger(value)) {
    throw new TypeError(`${option} takes a whole number, not ${JSON.stringify(text)}`);
  }
  return value;
}

function decimal(option: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= low && value <= high)) {
    throw new TypeError(
      `${option} takes a number from ${low} to ${high}, not ${JSON.stringify(text)}`,
    );
  }
  return value;
}
