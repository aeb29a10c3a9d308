/** A seeded source of randomness, so a simulated run can be repeated. */
export interface Random {
  /** A float in [0, 1). */
  next(): number;
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** One of the given values. */
  pick<T>(values: readonly [T, ...T[]]): T;
  /** A lower-case hexadecimal string. */
  hex(length: number): string;
  /** A version 4 UUID. */
  uuid(): string;
}

/** Makes a {@link Random} by the mulberry32 generator: 32 bits of state, good enough for a show. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number): number =>
    low + Math.floor(next() * (high - low + 1));
  const hex = (length: number): string =>
    Array.from({ length }, () => between(0, 15).toString(16)).join('');
  return {
    next,
    between,
    hex,
    pick: (values) => values[between(0, values.length - 1)] ?? values[0],
    uuid: () =>
      `${hex(8)}-${hex(4)}-4${hex(3)}-${(8 + between(0, 3)).toString(16)}${hex(3)}-${hex(12)}`,
  };
}
