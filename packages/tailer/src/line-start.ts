import type { FileIo } from './file-io.ts';
import { Marker, MARKER_BYTES } from './marker.ts';
import { withReadBuffer } from './read-buffer.ts';

const LF = 10;

/** First step of the search backwards: most last lines begin within it. */
const FIRST_STEP_BYTES = 4 * 1024;
/** Largest step; each step is four times the one before. */
const LARGEST_STEP_BYTES = 256 * 1024;

/**
 * Finds where the line begins that `before` stands in: the byte after the last newline before that offset, or 0. Reads
 * backwards, as far as the line is long.
 */
export function lineStartBefore(io: FileIo, fd: number, before: number): number {
  let end = before;
  let step = FIRST_STEP_BYTES;
  while (end > 0) {
    const start = Math.max(0, end - step);
    const length = end - start;
    const newline = withReadBuffer(length, (buffer) => {
      const read = readFully(io, fd, buffer, length, start);
      return read === 0 ? -1 : buffer.lastIndexOf(LF, read - 1);
    });
    if (newline !== -1) return start + newline + 1;
    end = start;
    step = Math.min(step * 4, LARGEST_STEP_BYTES);
  }
  return 0;
}

/** Remembers what stands before an offset. */
export function readMarker(io: FileIo, fd: number, offset: number): Marker {
  const length = Math.min(offset, MARKER_BYTES);
  return withReadBuffer(MARKER_BYTES, (buffer) =>
    Marker.before(buffer, readFully(io, fd, buffer, length, offset - length)),
  );
}

/** Reads `length` bytes at `position`, or as many as there are, also when single reads come short. */
export function readFully(
  io: FileIo,
  fd: number,
  buffer: Buffer,
  length: number,
  position: number,
): number {
  let read = 0;
  while (read < length) {
    const count = io.read(fd, buffer, read, length - read, position + read);
    if (count === 0) break;
    read += count;
  }
  return read;
}
