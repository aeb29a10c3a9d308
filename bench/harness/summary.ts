import type { Bar, Contestant, Group, Measure } from './group.ts';
import type { Row } from './results.ts';
import { growthExponent, median, spread, type Spread } from './statistics.ts';

/** A bar and what was reached. */
export interface Verdict {
  readonly bar: Bar;
  /** In the measure's unit, or as a multiple of `bar.times`; `null` when one of the two is missing. */
  readonly reached: number | null;
  readonly met: boolean;
}

/** One line of the table: one measure of one contestant at one size. */
export interface Line {
  readonly measure: Measure;
  readonly size: number;
  readonly contestant: Contestant<unknown>;
  /** `null` when the contestant has no such figure but a bar to reach. */
  readonly value: Spread | null;
  readonly p99: number | null;
  /** Times the limit. */
  readonly ratio: number | null;
  readonly verdicts: readonly Verdict[];
}

/** How one cost grows. */
export interface Growth {
  readonly measure: Measure;
  readonly contestant: string;
  /** See {@link growthExponent}. */
  readonly exponent: number | null;
}

/** The rows of one run of a group, looked at by contestant, size and key. */
class Figures {
  readonly #group: Group;
  readonly #rows: readonly Row[];

  constructor(group: Group, rows: readonly Row[]) {
    this.#group = group;
    this.#rows = rows;
  }

  /** Values of all rounds, with what the measure subtracts taken off. */
  values(contestant: string, size: number, key: string): number[] {
    const measure = this.measureOf(key);
    const raw = this.#raw(contestant, size, key);
    if (measure?.above === undefined || measure.above === contestant) return raw;
    const below = this.#raw(measure.above, size, key);
    return below.length === 0 ? [] : raw.map((value) => value - median(below));
  }

  median(contestant: string, size: number, key: string): number | null {
    const values = this.values(contestant, size, key);
    return values.length === 0 ? null : median(values);
  }

  measureOf(key: string): Measure | undefined {
    return this.#group.measures.find((measure) => measure.key === key || measure.p99 === key);
  }

  #raw(contestant: string, size: number, key: string): number[] {
    return this.#rows.flatMap((row) => {
      const value = row.figures?.[key];
      return row.contestant === contestant && row.size === size && value !== undefined
        ? [value]
        : [];
    });
  }
}

/** `value` as a multiple of `reference`; `null` when there is none. */
function quotient(value: number | null, reference: number | null): number | null {
  return value === null || reference === null || reference <= 0 ? null : value / reference;
}

function judge(bar: Bar, figures: Figures): Verdict {
  const value = figures.median(bar.contestant, bar.size, bar.key);
  const reached =
    bar.times === undefined ? value : quotient(value, figures.median(bar.times, bar.size, bar.key));
  return { bar, reached, met: reached !== null && reached <= bar.atMost };
}

function sizesOf(rows: readonly Row[]): number[] {
  return [...new Set(rows.map(({ size }) => size))].sort((a, b) => a - b);
}

/** The table of a group: by measure, then by size, then by contestant in the group's order. */
export function summarize(group: Group, rows: readonly Row[]): Line[] {
  const figures = new Figures(group, rows);
  const lines: Line[] = [];
  const ran = (name: string, size: number): boolean =>
    rows.some((row) => row.contestant === name && row.size === size);
  for (const measure of group.measures) {
    for (const size of sizesOf(rows)) {
      for (const contestant of group.contestants) {
        const { name, role } = contestant;
        const values = figures.values(name, size, measure.key);
        const verdicts = group.bars
          .filter((bar) => bar.contestant === name && bar.size === size)
          .filter((bar) => figures.measureOf(bar.key) === measure)
          .map((bar) => judge(bar, figures));
        if (values.length === 0 && (verdicts.length === 0 || !ran(name, size))) continue;
        const middle = figures.median(name, size, measure.key);
        const limit =
          measure.limit === undefined ? null : figures.median(measure.limit, size, measure.key);
        lines.push({
          measure,
          size,
          contestant,
          value: values.length === 0 ? null : spread(values),
          p99: measure.p99 === undefined ? null : figures.median(name, size, measure.p99),
          ratio: role === 'baseline' ? null : quotient(middle, limit),
          verdicts,
        });
      }
    }
  }
  return lines;
}

/** How the costs of a group grow, where two sizes or more were measured. */
export function growthOf(group: Group, rows: readonly Row[]): Growth[] {
  const figures = new Figures(group, rows);
  const sizes = sizesOf(rows);
  return group.measures
    .filter(({ growth }) => growth === true)
    .flatMap((measure) =>
      group.contestants
        .filter(({ role }) => role !== 'baseline')
        .flatMap(({ name }) => {
          const points = sizes.flatMap((size) => {
            const cost = figures.median(name, size, measure.key);
            return cost === null ? [] : [{ size, cost }];
          });
          return points.length < 2
            ? []
            : [{ measure, contestant: name, exponent: growthExponent(points) }];
        }),
    );
}
