const LF = 10;

/** Receives what a {@link Framer} finds, in file order. */
export interface FrameSink {
  /**
   * A whole line: its content without the newline is `buffer[from, to)`, valid only during the call; in the
   * file it spans `[start, end)`, the newline included.
   */
  line(buffer: Buffer, from: number, to: number, start: number, end: number): void;
  /** A line that was longer than the limit and has not been kept. */
  oversize(start: number, end: number): void;
}

/**
 * Cuts bytes into lines at 0x0A, the one byte that never occurs inside a UTF-8 sequence, so any cut of
 * the input gives the same lines. Only new bytes are searched and a long line is joined once, so the work is linear.
 */
export class Framer {
  readonly #maxLineBytes: number;
  #lineStart: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #skipping = false;

  constructor(maxLineBytes: number, offset: number) {
    this.#maxLineBytes = maxLineBytes;
    this.#lineStart = offset;
  }

  /** Offset just after the last newline: where the unfinished line begins. */
  get lineStart(): number {
    return this.#lineStart;
  }

  /** Whether the unfinished line ends in a NUL byte that is held: a hole or a block that is not yet written. */
  get endsInNul(): boolean {
    const last = this.#held.at(-1);
    return last !== undefined && last[last.length - 1] === 0;
  }

  /** Forgets the unfinished line and goes on at `offset`, which is the start of a line. */
  reset(offset: number): void {
    this.#lineStart = offset;
    this.#held = [];
    this.#heldBytes = 0;
    this.#skipping = false;
  }

  /** Takes the bytes `buffer[from, to)`, which stand at `offset` in the file. The buffer may be reused afterwards. */
  push(buffer: Buffer, from: number, to: number, offset: number, sink: FrameSink): void {
    const shift = offset - from;
    let position = from;
    while (position < to) {
      const newline = buffer.indexOf(LF, position);
      if (newline === -1 || newline >= to) {
        this.#hold(buffer, position, to);
        return;
      }
      this.#finish(buffer, position, newline, newline + 1 + shift, sink);
      position = newline + 1;
    }
  }

  #finish(buffer: Buffer, from: number, to: number, end: number, sink: FrameSink): void {
    const start = this.#lineStart;
    const tooLong = this.#skipping || this.#heldBytes + to - from > this.#maxLineBytes;
    if (this.#heldBytes === 0 && !tooLong) {
      this.#lineStart = end;
      sink.line(buffer, from, to, start, end);
      return;
    }
    const held = this.#held;
    this.reset(end);
    if (tooLong) {
      sink.oversize(start, end);
      return;
    }
    held.push(buffer.subarray(from, to));
    const whole = Buffer.concat(held);
    sink.line(whole, 0, whole.length, start, end);
  }

  #hold(buffer: Buffer, from: number, to: number): void {
    if (this.#skipping) return;
    if (this.#heldBytes + to - from > this.#maxLineBytes) {
      this.#skipping = true;
      this.#held = [];
      this.#heldBytes = 0;
      return;
    }
    this.#held.push(Buffer.from(buffer.subarray(from, to)));
    this.#heldBytes += to - from;
  }
}
