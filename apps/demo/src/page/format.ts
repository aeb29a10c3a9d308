const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'narrow' });
const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** How long ago a moment was, in words. */
export function ago(iso: string | null, now: number): string {
  if (iso === null) return '';
  const elapsed = now - Date.parse(iso);
  if (Number.isNaN(elapsed)) return '';
  const [unit, size] = units.find(([, ms]) => elapsed >= ms) ?? ['second', 1000];
  return relative.format(-Math.max(0, Math.floor(elapsed / size)), unit);
}

/** The time of day of a moment. */
export function clockTime(iso: string | null): string {
  if (iso === null) return '';
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleTimeString();
}

/** A count with its noun: `1 message`, `2,000 messages`. */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString()} ${noun}${n === 1 ? '' : 's'}`;
}

/** A size in bytes for people. */
export function bytes(n: number): string {
  if (n < 1024) return `${n} B`;
  return n < 1024 * 1024 ? `${(n / 1024).toFixed(1)} KiB` : `${(n / 1024 / 1024).toFixed(1)} MiB`;
}
