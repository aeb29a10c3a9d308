import { open } from 'node:fs/promises';

/** Bytes read at a time while looking for a newline from the end. */
const CHUNK_BYTES = 64 * 1024;

const NEWLINE = 0x0a;

/** The byte after the last newline among the first `size` bytes of a file; 0 when there is none. */
export async function lastLineEnd(path: string, size: number): Promise<number> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafe(Math.min(size, CHUNK_BYTES));
    for (let end = size; end > 0;) {
      const start = Math.max(0, end - buffer.length);
      const { bytesRead } = await file.read(buffer, 0, end - start, start);
      const found = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
      if (found >= 0) return start + found + 1;
      end = start;
    }
    return 0;
  } finally {
    await file.close();
  }
}
