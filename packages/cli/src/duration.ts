import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Longest time a timer can wait, in milliseconds; Node fires longer ones at once. */
const MAX_DURATION_MS = 2 ** 31 - 1;

/** Reads a duration such as `500ms`, `10s`, `5m`, `2h`, in milliseconds. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const duration = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN);
  if (duration > 0 && duration <= MAX_DURATION_MS) return duration;
  throw new InvalidArgumentError('Use a number and ms, s, m or h, such as 10s or 5m.');
}
