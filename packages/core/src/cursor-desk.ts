import { packCursor, type CursorSubject } from './cursor.ts';
import type { Clock } from './clock.ts';
import type { EntryStat } from './entry.ts';
import type { Untold } from './outbox.ts';
import type { ToldView } from './told-view.ts';
import { ToldSnapshot } from './told-snapshot.ts';

/** Writes the cursors of one watch, while it goes on. */
export class CursorDesk {
  readonly #spelling: string;
  readonly #clock: Clock;
  readonly #writing = new Set<ToldSnapshot>();

  constructor(spelling: string, clock: Clock) {
    this.#spelling = spelling;
    this.#clock = clock;
  }

  /** Notes what a path was before a change that is told now: no cursor that is being written has it. */
  note(relative: string, before: EntryStat | null): void {
    for (const snapshot of this.#writing) snapshot.note(relative, before);
  }

  /** What was told is not kept up with a directory any more: reads what is still to be written now. */
  detach(): void {
    for (const snapshot of this.#writing) snapshot.detach();
  }

  /** Writes a cursor of what was told, but for what still waits. */
  async write(
    subject: CursorSubject,
    { known, table, deferred }: Pick<ToldView, 'known' | 'table' | 'deferred'>,
    { changes, unsure }: Untold,
  ): Promise<Uint8Array> {
    const snapshot = new ToldSnapshot(known, table, this.#spelling, changes);
    for (const [relative, before] of deferred) snapshot.note(relative, before);
    this.#writing.add(snapshot);
    try {
      return await packCursor(subject, unsure, snapshot.entries(), this.#clock);
    } finally {
      this.#writing.delete(snapshot);
    }
  }
}
