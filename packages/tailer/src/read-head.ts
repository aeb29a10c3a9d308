import type { Checkpoint } from './cursor-codec.ts';
import { Framer, type FrameSink } from './framer.ts';
import type { FileIdentity } from './identity.ts';
import { decodeLine } from './line.ts';
import { EMPTY_MARKER, Marker } from './marker.ts';

/** Receives lines, in file order. */
export interface LineSink {
  /** A whole line that is not blank. */
  line(text: string, lineIndex: number, start: number, end: number): void;
  /** A line that was longer than the limit. */
  oversize(start: number, end: number): void;
  /** A line that was begun and will never be finished. */
  unfinished(start: number, end: number): void;
}

/**
 * Where reading stands in a file: the position of the next new byte, the start of the unfinished line at or before it,
 * and what the bytes before both were.
 */
export class ReadHead implements FrameSink {
  readonly #framer: Framer;
  readonly #sink: LineSink;
  #generation = 0;
  #lineIndex = 0;
  #position = 0;
  #marker: Marker = EMPTY_MARKER;
  #lineMarker: Marker = EMPTY_MARKER;
  /** Where the position was before the unfinished line was dropped to read it again. */
  #droppedEnd = 0;

  constructor(maxLineBytes: number, sink: LineSink) {
    this.#framer = new Framer(maxLineBytes, 0);
    this.#sink = sink;
  }

  /** Where the next new byte stands. */
  get position(): number {
    return this.#position;
  }

  /** The furthest byte that was read since the last line boundary, also if it is to be read again. */
  get furthest(): number {
    return Math.max(this.#position, this.#droppedEnd);
  }

  /** How many bytes before the position a read has to fetch for {@link ReadHead.continues}. */
  get overlap(): number {
    return this.#marker.bytes;
  }

  /** Whether the line at the position was begun before it. */
  get inLine(): boolean {
    return this.#position > this.#framer.lineStart;
  }

  /** Whether the last byte of the unfinished line is NUL. */
  get endsInNul(): boolean {
    return this.#framer.endsInNul;
  }

  /** The last line boundary, for a file with this identity. */
  checkpoint(identity: FileIdentity | null): Checkpoint {
    return {
      generation: this.#generation,
      identity,
      offset: this.#framer.lineStart,
      lineIndex: this.#lineIndex,
      marker: this.#lineMarker,
    };
  }

  /** Whether `buffer` begins with the bytes that stood before the position. */
  continues(buffer: Buffer): boolean {
    return this.#marker.matches(buffer);
  }

  /** Takes the new bytes `buffer[from, to)` at the position; what stands before `from` are the bytes before the position. */
  accept(buffer: Buffer, from: number, to: number): void {
    const lineStart = this.#framer.lineStart;
    const bufferStart = this.#position - from;
    this.#framer.push(buffer, from, to, this.#position, this);
    this.#position = bufferStart + to;
    this.#droppedEnd = 0;
    this.#marker = Marker.before(buffer, to);
    const boundary = this.#framer.lineStart;
    if (boundary === lineStart) return;
    this.#lineMarker =
      boundary === this.#position ? this.#marker : Marker.before(buffer, boundary - bufferStart);
  }

  /** Goes to a line boundary of the same generation. */
  moveTo(offset: number, marker: Marker): void {
    this.#position = offset;
    this.#marker = marker;
    this.#lineMarker = marker;
    this.#framer.reset(offset);
  }

  /** Goes to where a cursor stood. */
  resume(checkpoint: Checkpoint): void {
    this.#generation = checkpoint.generation;
    this.#lineIndex = checkpoint.lineIndex;
    this.moveTo(checkpoint.offset, checkpoint.marker);
  }

  /** Goes back to the start of the unfinished line, to read it again. */
  rewind(): void {
    this.#droppedEnd = this.furthest;
    this.moveTo(this.#framer.lineStart, this.#lineMarker);
  }

  /** Reports a line that was begun and will not be finished in this generation. */
  abandonLine(): void {
    const start = this.#framer.lineStart;
    if (this.furthest > start) this.#sink.unfinished(start, this.furthest);
  }

  /** Goes to byte 0 of the next generation. */
  restart(): void {
    this.#generation += 1;
    this.#lineIndex = 0;
    this.#droppedEnd = 0;
    this.moveTo(0, EMPTY_MARKER);
  }

  /** Keeps only the hashes of the bytes before the position. */
  compact(): void {
    this.#marker.compact();
    this.#lineMarker.compact();
  }

  line(buffer: Buffer, from: number, to: number, start: number, end: number): void {
    const text = decodeLine(buffer, from, to, start === 0);
    if (text === null) return;
    const lineIndex = this.#lineIndex;
    this.#lineIndex += 1;
    this.#sink.line(text, lineIndex, start, end);
  }

  oversize(start: number, end: number): void {
    this.#lineIndex += 1;
    this.#sink.oversize(start, end);
  }
}
