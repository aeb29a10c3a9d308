import { hash } from 'node:crypto';

/**
 * How much of the file before a position is remembered. One KiB is longer than the constant fields that records
 * commonly end in, so a rewrite of equal length is seen too.
 */
export const MARKER_BYTES = 1024;

/** The last bytes before a position, or only their hash: tells whether a file still has the content that was read. */
export class Marker {
  /** How many bytes before the position are covered. */
  readonly bytes: number;
  #content: Buffer | null;
  #hash: string | null;

  private constructor(bytes: number, content: Buffer | null, digest: string | null) {
    this.bytes = bytes;
    this.#content = content;
    this.#hash = digest;
  }

  /** Remembers the bytes of `buffer` before `end`, at most {@link MARKER_BYTES}. The bytes are copied. */
  static before(buffer: Buffer, end: number): Marker {
    const start = Math.max(0, end - MARKER_BYTES);
    return new Marker(end - start, Buffer.from(buffer.subarray(start, end)), null);
  }

  /** A marker known by its hash only, as a cursor holds it. */
  static fromHash(bytes: number, digest: string): Marker {
    return new Marker(bytes, null, digest);
  }

  /** SHA-256 of the covered bytes in base64url. */
  get hash(): string {
    this.#hash ??= digestOf(this.#content ?? Buffer.alloc(0));
    return this.#hash;
  }

  /** Whether the first {@link Marker.bytes} bytes of `buffer` are the remembered ones. */
  matches(buffer: Buffer): boolean {
    if (this.bytes === 0) return true;
    if (this.#content === null) return digestOf(buffer.subarray(0, this.bytes)) === this.#hash;
    return this.#content.compare(buffer, 0, this.bytes) === 0;
  }

  /** Keeps only the hash: a marker that may not be asked for long costs no kilobyte. */
  compact(): void {
    if (this.#content === null) return;
    this.#hash = this.hash;
    this.#content = null;
  }
}

/** The marker of byte 0. */
export const EMPTY_MARKER: Marker = Marker.before(Buffer.alloc(0), 0);

function digestOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64url');
}
