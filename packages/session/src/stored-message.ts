import type { ParsedMessage } from '@watchkeeper/transcript';

/** A message as it is stored: what it says apart from where it stands. */
export interface StoredMessage {
  /** JSON of the position: line index, first byte, byte after the last, place in line and record. */
  readonly position: string;
  /** JSON of everything else. Equal content under an equal key is the same message, wherever it is repeated. */
  readonly content: string;
}

/** Takes a message apart for storing. */
export function toStored(message: ParsedMessage): StoredMessage {
  const { lineIndex, byteRange, subIndex, partIndex, ...content } = message;
  return {
    position: JSON.stringify([lineIndex, byteRange.start, byteRange.end, subIndex, partIndex]),
    content: JSON.stringify(content),
  };
}

/** Puts a message together again. The texts must come from {@link toStored}. */
export function fromStored(stored: StoredMessage): ParsedMessage {
  const [lineIndex, start, end, subIndex, partIndex] = JSON.parse(stored.position) as number[];
  return {
    ...(JSON.parse(stored.content) as Record<string, unknown>),
    lineIndex,
    byteRange: { start, end },
    subIndex,
    partIndex,
  } as ParsedMessage;
}
