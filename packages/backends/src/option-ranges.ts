/** A range of numbers an option may be in. */
export interface OptionRange {
  /** The range in words. */
  readonly wanted: string;
  /** The smallest number allowed. */
  readonly from: number;
  /** The largest number allowed. */
  readonly to: number;
}

type Ranges = Readonly<Record<string, OptionRange>>;

/** The smallest period of polling, in milliseconds. */
const POLL_FROM_MS = 10;

const milliseconds = (from: number): OptionRange => ({
  wanted: `a number of milliseconds from ${from}`,
  from,
  to: Number.MAX_VALUE,
});

const positiveMilliseconds: OptionRange = {
  wanted: 'a number of milliseconds above 0',
  from: Number.MIN_VALUE,
  to: Number.MAX_VALUE,
};

const rootCheck: Ranges = { rootCheckMs: milliseconds(50) };

const events: Ranges = { ...rootCheck, sliceMs: milliseconds(1) };

/**
 * The options of the backends of this family, by backend. Each backend judges its own; here they are
 * known without importing one, so that a mistake is told where it is made instead of at the first
 * watch.
 */
export const OPTION_RANGES: {
  readonly fs: Ranges;
  readonly poll: Ranges & Readonly<Record<'intervalMs', OptionRange>>;
  readonly chokidar: Ranges;
  readonly native: Ranges;
} = {
  fs: events,
  poll: {
    intervalMs: milliseconds(POLL_FROM_MS),
    maxIntervalMs: milliseconds(POLL_FROM_MS),
    budget: { wanted: 'a share above 0 and at most 1', from: Number.MIN_VALUE, to: 1 },
    sliceMs: positiveMilliseconds,
  },
  chokidar: rootCheck,
  native: events,
};

/** The options of a backend, or `null` when it is not one of this family: its module judges them. */
export function rangesOf(backend: string): Ranges | null {
  return Object.hasOwn(OPTION_RANGES, backend)
    ? OPTION_RANGES[backend as keyof typeof OPTION_RANGES]
    : null;
}

/** Whether a value is a number in a range. */
export function isInRange(value: unknown, { from, to }: OptionRange): value is number {
  return typeof value === 'number' && value >= from && value <= to;
}
