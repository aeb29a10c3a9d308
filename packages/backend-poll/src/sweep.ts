import type { Clock } from '@watchkeeper/core';
import type { DiskReader } from './disk-reader.ts';
import type { Examiner } from './examiner.ts';
import type { Gate } from './gate.ts';
import type { PolledEntry } from './polled-entry.ts';

/** Looks between two readings of the clock: a reading costs a fiftieth of a look. */
const LOOKS_PER_CLOCK = 8;

/** One pass over some entries, and over whatever it finds below them. */
export class Sweep {
  readonly #reader: DiskReader;
  readonly #examiner: Examiner;
  readonly #toLook: PolledEntry[];
  readonly #toList: PolledEntry[] = [];
  #nextLook = 0;
  #stopped = false;
  /** Looks and listings so far. */
  reads = 0;

  constructor(reader: DiskReader, examiner: Examiner, entries: Iterable<PolledEntry>) {
    this.#reader = reader;
    this.#examiner = examiner;
    this.#toLook = [...entries];
  }

  /** Adds entries to this pass. */
  add(entries: Iterable<PolledEntry>): void {
    for (const entry of entries) this.#toLook.push(entry);
  }

  /** Adds a directory to be listed in this pass. */
  list(entry: PolledEntry): void {
    this.#toList.push(entry);
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Reads for at most `sliceMs`; `true` when nothing is left. */
  runSlice(clock: Clock, sliceMs: number): boolean {
    const end = clock.now() + sliceMs;
    for (let count = 1; this.#hasWork(); count += 1) {
      this.#stepSync();
      if (count % LOOKS_PER_CLOCK === 0 && clock.now() >= end) return !this.#hasWork();
    }
    return true;
  }

  /** Reads with at most `inFlight` reads at once, calling `onProgress` after each. Never rejects. */
  runAsync(gate: Gate, inFlight: number, onProgress: () => void): Promise<void> {
    return new Promise((resolve) => {
      let active = 0;
      const pump = (): void => {
        while (active < inFlight && this.#hasWork()) {
          active += 1;
          void this.#stepAsync(gate).then(() => {
            active -= 1;
            onProgress();
            return pump();
          });
        }
        if (active === 0) resolve();
      };
      pump();
    });
  }

  #hasWork(): boolean {
    return !this.#stopped && (this.#toList.length > 0 || this.#nextLook < this.#toLook.length);
  }

  #stepSync(): void {
    this.reads += 1;
    const directory = this.#toList.pop();
    if (directory !== undefined) {
      this.add(this.#examiner.afterListing(directory, this.#reader.listSync(directory.path)));
      return;
    }
    const entry = this.#takeLook();
    if (this.#examiner.afterLook(entry, this.#reader.lookSync(entry.path))) this.list(entry);
  }

  async #stepAsync(gate: Gate): Promise<void> {
    this.reads += 1;
    const directory = this.#toList.pop();
    if (directory !== undefined) {
      const listing = await gate.run(() => this.#reader.list(directory.path));
      if (!this.#stopped) this.add(this.#examiner.afterListing(directory, listing));
      return;
    }
    const entry = this.#takeLook();
    const look = await gate.run(() => this.#reader.look(entry.path));
    if (!this.#stopped && this.#examiner.afterLook(entry, look)) this.list(entry);
  }

  #takeLook(): PolledEntry {
    const entry = this.#toLook[this.#nextLook] as PolledEntry;
    this.#nextLook += 1;
    return entry;
  }
}
