let shared: Buffer | null = null;
let leased = false;

/**
 * Lends `use` a buffer of at least `bytes` bytes. Reads are synchronous, so all tails of a process share one; only a
 * tail that is read from inside another one's parser gets its own. The buffer must not be kept.
 */
export function withReadBuffer<R>(bytes: number, use: (buffer: Buffer) => R): R {
  if (leased) return use(Buffer.allocUnsafeSlow(bytes));
  if (shared === null || shared.length < bytes) shared = Buffer.allocUnsafeSlow(bytes);
  leased = true;
  try {
    return use(shared);
  } finally {
    leased = false;
  }
}
