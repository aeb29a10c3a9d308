/** A number from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** Seeded numbers (mulberry32), so that every contestant meets the same gaps and the same files. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` different items, or all there are, in random order. */
export function pick<T>(items: readonly T[], count: number, random: Random): T[] {
  const pool = [...items];
  const wanted = Math.min(count, pool.length);
  for (let index = 0; index < wanted; index += 1) {
    const other = index + Math.floor(random() * (pool.length - index));
    const moved = pool[other] as T;
    pool[other] = pool[index] as T;
    pool[index] = moved;
  }
  return pool.slice(0, wanted);
}
