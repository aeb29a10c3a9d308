import { SPREAD_PER_SESSION_MS } from './fanout.ts';
import type { Fanout, Retry } from './fanout.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A 32-bit hash of an id (FNV-1a). */
export function idHash(id: string): number {
  let hash = FNV_OFFSET;
  for (let at = 0; at < id.length; at++) {
    hash = Math.imul(hash ^ id.charCodeAt(at), FNV_PRIME);
  }
  return hash >>> 0;
}

/** Mixes three words into a fraction from 0 to below 1 (the finaliser of MurmurHash3). */
function fraction(a: number, b: number, c: number): number {
  let h = a ^ Math.imul(b, 0x9e3779b1) ^ Math.imul(c, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** The time over which so many sessions are spread, in milliseconds. */
export function windowFor(sessions: number, fanout: Fanout): number {
  if (sessions <= fanout.immediateUpTo) return 0;
  return Math.min(fanout.windowMs, sessions * SPREAD_PER_SESSION_MS);
}

/** When within the window a session starts. The generation is mixed in, so that the first is not always the same one. */
export function offsetFor(
  hash: number,
  generation: number,
  windowMs: number,
  fanout: Fanout,
): number {
  return windowMs === 0 ? 0 : Math.floor(windowMs * fraction(hash, generation, fanout.seed));
}

/** The pause before a try, in milliseconds; `attempt` counts from 1 for the first retry, `chance` from 0 to 1 varies it. */
export function retryDelay(attempt: number, chance: number, retry: Retry): number {
  const full = Math.min(retry.maxMs, retry.baseMs * 2 ** (attempt - 1));
  return full * (0.5 + chance / 2);
}
