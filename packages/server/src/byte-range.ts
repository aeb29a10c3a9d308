/** Part of a body, both ends inclusive. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a `Range` header for a body of `size` bytes. `null`: send the whole, as for a header that is
 * not understood (RFC 9110, 14.2); `'unsatisfiable'`: nothing of the body is in the range.
 */
export function parseRange(
  header: string | null,
  size: number,
): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (match === null) return null;
  const [, firstText = '', lastText = ''] = match;
  if (firstText === '' && lastText === '') return null;
  if (firstText === '') {
    const length = Math.min(Number(lastText), size);
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
  }
  const first = Number(firstText);
  const last = lastText === '' ? size - 1 : Math.min(Number(lastText), size - 1);
  if (lastText !== '' && Number(lastText) < first) return null;
  return first < size ? { first, last } : 'unsatisfiable';
}
