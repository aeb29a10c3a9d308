import type { Fingerprint } from './config-fs.ts';
import type { Timing } from './timing.ts';
import { QUIET_PROOF_MS } from './timing.ts';

/** What one look at one file found. */
export type Observation =
  | {
      readonly kind: 'content';
      readonly fingerprint: Fingerprint;
      readonly bytes: Uint8Array;
      readonly hash: string;
      /** Whether the file changed while it was read. */
      readonly torn: boolean;
    }
  | { readonly kind: 'oversize'; readonly fingerprint: Fingerprint }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly error: NodeJS.ErrnoException };

/** What an observation stands for: two with the same mark found the same thing. */
export function markOf(observation: Observation): string {
  if (observation.kind === 'content') return `content:${observation.hash}`;
  if (observation.kind === 'missing') return 'missing';
  if (observation.kind === 'failed') {
    return `failed:${observation.error.code ?? observation.error.message}`;
  }
  const { mtimeNs, size } = observation.fingerprint;
  return `oversize:${size}:${mtimeNs}`;
}

/** An observation with the time since when the same was found, look after look. */
export interface Sighting {
  /** The newest look. */
  readonly observation: Observation;
  /** When the first look of this unbroken row found it. */
  readonly since: number;
}

/** Joins a new look to the row before it. A torn read always starts a new row. */
export function sighted(
  before: Sighting | undefined,
  observation: Observation,
  now: number,
): Sighting {
  const torn = observation.kind === 'content' && observation.torn;
  const same = before !== undefined && !torn && markOf(before.observation) === markOf(observation);
  return { observation, since: same ? before.since : now };
}

/** What is known beside the sighting itself. */
export interface ProofFacts {
  /** Monotonic time. */
  readonly now: number;
  /** Milliseconds since the epoch. */
  readonly wallNow: number;
  /** Whether the file was never judged before, so that nobody saw it change. */
  readonly first: boolean;
  /** Whether the bytes look cut off. */
  readonly suspect: boolean;
  /** The times to keep. */
  readonly timing: Timing;
}

/** Whether a sighting may be believed; if not, when to look again. */
export type Proof =
  | { readonly proved: true }
  | { readonly proved: false; readonly againAt: number };

const MS_IN_NS = 1_000_000n;

/** How long ago, by the clock of the machine, a file was last changed in any way, in milliseconds. */
export function untouchedForMs(fingerprint: Fingerprint, wallNow: number): number {
  const { ctimeNs, mtimeNs } = fingerprint;
  return wallNow - Number((ctimeNs > mtimeNs ? ctimeNs : mtimeNs) / MS_IN_NS);
}

/**
 * Decides whether what was sighted may be believed: it must have stayed the same for a while, longer
 * when it looks cut off. At the first load, absence is believed at once and so is a file that nobody
 * has touched for long.
 */
export function prove({ observation, since }: Sighting, facts: ProofFacts): Proof {
  const { now, wallNow, first, timing } = facts;
  if (first && observation.kind === 'missing') return { proved: true };
  const failed = observation.kind === 'failed';
  const torn = observation.kind === 'content' && observation.torn;
  const needed = facts.suspect || failed ? timing.suspectMs : timing.stableForMs;
  if (first && !torn && 'fingerprint' in observation) {
    const quiet = Math.max(QUIET_PROOF_MS, needed);
    if (untouchedForMs(observation.fingerprint, wallNow) >= quiet) return { proved: true };
  }
  if (!torn && now - since >= needed) return { proved: true };
  // A failure is tried again soon, because no hint will tell when it passes; a torn row must not spin.
  const soon = now + timing.stableForMs;
  return { proved: false, againAt: failed || torn ? soon : Math.max(since + needed, now) };
}

/** Whether new bytes are what a truncated or half-rewritten file would look like. */
export function looksCutOff(bytes: Uint8Array, good: Uint8Array | undefined): boolean {
  if (good === undefined || bytes.length >= good.length) return false;
  return Buffer.compare(bytes, good.subarray(0, bytes.length)) === 0;
}
