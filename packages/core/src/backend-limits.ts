import type { Scope } from './backend.ts';

/** Longest wait for a backend's probe, in milliseconds: it imports a module and loads a library, also from a cold disk. */
export const PROBE_TIMEOUT_MS = 10_000;

/** Longest wait for a backend to watch names in one directory, in milliseconds: a few looks, each of which a busy server may answer late. */
export const OPEN_NAMES_TIMEOUT_MS = 60_000;

/** Longest wait for a backend to watch a directory or a tree, in milliseconds: a million entries at two thousand looks a second, as slow disks and servers allow. */
export const OPEN_TIMEOUT_MS = 600_000;

/** Longest wait for a backend's barrier, in milliseconds: a poll of a large tree; core looks for itself then. */
export const BARRIER_TIMEOUT_MS = 60_000;

/** Longest wait for a backend to let go, in milliseconds: a kernel forgets the watches of a large tree in less, and whoever closes waits for it. */
export const CLOSE_TIMEOUT_MS = 10_000;

/** How long a backend may take to open a scope. */
export function openTimeoutMs({ kind }: Scope): number {
  return kind === 'names' ? OPEN_NAMES_TIMEOUT_MS : OPEN_TIMEOUT_MS;
}
