/** A half-open range of bytes in a file. */
export interface ByteRange {
  /** First byte. */
  readonly start: number;
  /** Byte after the last one; the newline of the line is included. */
  readonly end: number;
}

/** Where a line stands in its file. */
export interface LinePos {
  /** 0-based count of non-blank lines before this one. */
  readonly lineIndex: number;
  /** The bytes of the line. */
  readonly byteRange: ByteRange;
}

/** Where a message stands in its file. */
export interface MessagePos extends LinePos {
  /** 0-based place among the messages of one line: not 0 only where a line yielded several. */
  readonly subIndex: number;
  /** 0-based place among the messages of one record: not 0 only where a record holds several blocks. */
  readonly partIndex: number;
}
