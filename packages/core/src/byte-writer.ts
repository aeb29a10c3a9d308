/** Largest value that is still written with the fast arithmetic of doubles. */
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** How many bytes are set aside at once. */
const BLOCK = 1 << 16;

/** Appends integers and strings to a growing sequence of bytes; small integers take one byte. */
export class ByteWriter {
  readonly #full: Buffer[] = [];
  #block = Buffer.allocUnsafe(BLOCK);
  #at = 0;

  /** Writes an integer from 0 to 2^53 - 1, seven bits a byte, the lowest first. */
  integer(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#block[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#block[this.#at++] = rest;
  }

  /** Writes an integer that is not negative, of any size, in the same way. */
  unsigned(value: bigint): void {
    if (value <= MAX_SAFE) {
      this.integer(Number(value));
      return;
    }
    let rest = value;
    while (rest >= 0x80n) {
      this.#byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.#byte(Number(rest));
  }

  /** Writes an integer of any size; those near zero, on both sides, are short. */
  signed(value: bigint): void {
    this.unsigned(value >= 0n ? value << 1n : (-value << 1n) - 1n);
  }

  /** Writes a string. One that is not well-formed (a name on Windows) is kept as it is. */
  string(value: string): void {
    const encoding = value.isWellFormed() ? 'utf8' : 'utf16le';
    const length = Buffer.byteLength(value, encoding);
    this.integer(length * 2 + (encoding === 'utf8' ? 0 : 1));
    this.#reserve(length);
    this.#at += this.#block.write(value, this.#at, encoding);
  }

  /** Everything that was written. */
  bytes(): Buffer {
    return Buffer.concat([...this.#full, this.#block.subarray(0, this.#at)]);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#block[this.#at++] = value;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#block.length) return;
    this.#full.push(this.#block.subarray(0, this.#at));
    this.#block = Buffer.allocUnsafe(Math.max(BLOCK, bytes));
    this.#at = 0;
  }
}
