const NUL = 0x00;
const TAB = 0x09;
const CR = 0x0d;
const SPACE = 0x20;

/**
 * Decodes the content of one line. A byte order mark at the start of the file, NUL bytes before the text
 * (left by a crash or a hole) and one trailing carriage return are dropped; bytes that are not
 * UTF-8 become U+FFFD and shift nothing. A line of NUL bytes alone is handed on as it is: something was
 * lost there, and whoever reads must hear of it. Returns `null` for a line with nothing but white space.
 */
export function decodeLine(
  buffer: Buffer,
  from: number,
  to: number,
  atFileStart: boolean,
): string | null {
  const first = atFileStart && hasByteOrderMark(buffer, from, to) ? from + 3 : from;
  let start = first;
  while (start < to && buffer[start] === NUL) start += 1;
  const end = to > start && buffer[to - 1] === CR ? to - 1 : to;
  if (!isBlank(buffer, start, end)) return buffer.toString('utf8', start, end);
  return start > first ? buffer.toString('latin1', first, start) : null;
}

function hasByteOrderMark(buffer: Buffer, from: number, to: number): boolean {
  return (
    to - from >= 3 &&
    buffer[from] === 0xef &&
    buffer[from + 1] === 0xbb &&
    buffer[from + 2] === 0xbf
  );
}

function isBlank(buffer: Buffer, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) {
    const byte = buffer[index];
    if (byte !== SPACE && byte !== TAB && byte !== CR) return false;
  }
  return true;
}
