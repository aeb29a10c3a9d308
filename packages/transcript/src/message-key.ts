import type { ParsedMessage } from './message.ts';

/**
 * Names a message uniquely within its session: by its record's uuid where it has one (with `.n` for the
 * n-th further block of a record), else by generation and place, `L<generation>:<lineIndex>.<subIndex>`.
 *
 * A record that is written again with its uuid, as a resume or a compaction does, has the same key.
 * Keys of two sessions may be equal: a fork copies records with their uuids.
 *
 * @param message - the message
 * @param generation - which generation of the file it was read from; 0 for a file that was never replaced
 */
export function messageKey(message: ParsedMessage, generation: number = 0): string {
  if (message.uuid === null) return `L${generation}:${message.lineIndex}.${message.subIndex}`;
  return message.partIndex === 0 ? message.uuid : `${message.uuid}.${message.partIndex}`;
}
