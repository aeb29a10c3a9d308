/** Reads what a `ByteWriter` wrote. Throws a `RangeError` where the bytes cannot be that. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Whether everything was read. */
  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Reads an integer from 0 to 2^53 - 1. */
  integer(): number {
    const value = this.unsigned();
    if (typeof value === 'number') return value;
    throw new RangeError('an integer is too large');
  }

  /** Reads an integer that is not negative, of any size; a `number` where that is exact. */
  unsigned(): number | bigint {
    let value = 0;
    let scale = 1;
    const start = this.#at;
    for (let byte = this.#byte(); ; byte = this.#byte()) {
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : this.#large(start);
      scale *= 0x80;
    }
  }

  /** Reads an integer of any size. */
  signed(): bigint {
    const value = BigInt(this.unsigned());
    return (value & 1n) === 0n ? value >> 1n : -((value + 1n) >> 1n);
  }

  /** Reads a string. */
  string(): string {
    const header = this.integer();
    const start = this.#at;
    const end = start + Math.floor(header / 2);
    if (end > this.#bytes.length) throw new RangeError('a string is cut off');
    this.#at = end;
    return this.#bytes.toString(header % 2 === 0 ? 'utf8' : 'utf16le', start, end);
  }

  #large(start: number): bigint {
    let value = 0n;
    for (let at = this.#at - 1; at >= start; at--) {
      value = (value << 7n) | BigInt((this.#bytes[at] ?? 0) & 0x7f);
    }
    return value;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError('the data are cut off');
    return byte;
  }
}
