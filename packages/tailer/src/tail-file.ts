import { sharedWatcher } from '@watchkeeper/backends';

import { nodeFileIo } from './file-io.ts';
import type { Tail, TailOptions } from './tail.ts';
import { Tailer } from './tailer.ts';

/**
 * Follows an append-only file and delivers its whole lines, parsed and in batches, each batch with the exact
 * bytes it accounts for. Returns at once; the file need not exist yet. Batches arrive after the
 * call has returned, never during it.
 *
 * An unfinished last line is never delivered, however long it waits for its newline.
 *
 * @param path - The file to follow; symbolic links are followed, also when they are changed.
 * @param options - What to do with lines, and when.
 * @throws `TypeError` for an option that is unknown, of the wrong kind or out of range, or a cursor that is none.
 *
 * @example
 * ```ts
 * import { tail } from '@watchkeeper/tailer';
 *
 * const following = tail('session.jsonl', {
 *   from: 'start',
 *   parse: (line) => JSON.parse(line) as unknown,
 *   onBatch: (batch) => console.log(batch.byteRange, batch.items),
 *   onError: (error) => console.error(error.message),
 * });
 * await following.ready;
 * process.once('SIGINT', () => following.stop());
 * ```
 */
export function tail<T = string>(path: string, options: TailOptions<T> = {}): Tail<T> {
  return new Tailer<T>(path, options, { sharedWatcher, io: nodeFileIo });
}
