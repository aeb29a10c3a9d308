import type { Clock } from '@watchkeeper/core';
import { NO_COUNTS, type Lane, type LaneCounts } from './cadence.ts';
import type { DiskReader, Pages } from './disk-reader.ts';
import type { Examiner } from './examiner.ts';
import { MemberCheck } from './member-check.ts';
import type { PolledEntry } from './polled-entry.ts';
import type { ReadLane } from './read-lane.ts';

/** Looks between two readings of the clock: a reading costs a fiftieth of a look. */
const LOOKS_PER_CLOCK = 8;

/** Members from which a directory is listed in parts: one piece would take half a slice. */
export const LARGE_MEMBERS = 1000;

/** Size from which one is that is not known yet: names of twenty bytes on the file systems that count least. */
export const LARGE_BYTES = 20_000n;

interface Paging {
  readonly directory: PolledEntry;
  readonly pages: Pages;
  readonly check: MemberCheck;
}

/** What a sweep is made with. */
export interface SweepTools {
  readonly reader: DiskReader;
  readonly examiner: Examiner;
  readonly clock: Clock;
}

/** One pass over some entries, and over whatever it finds below them. Each entry is looked at once. */
export class Sweep {
  readonly #reader: DiskReader;
  readonly #examiner: Examiner;
  readonly #clock: Clock;
  readonly #number: number;
  readonly #found: PolledEntry[] = [];
  readonly #toList: PolledEntry[] = [];
  readonly #lanes: Iterator<PolledEntry>[];
  #paging: Paging | null = null;
  #stopped = false;
  #reads: Record<Lane, number> = { ...NO_COUNTS };

  /** Goes through `lanes` as they are when their turn comes; `number` is one that no entry has seen. */
  constructor(tools: SweepTools, number: number, lanes: readonly Iterable<PolledEntry>[]) {
    this.#reader = tools.reader;
    this.#examiner = tools.examiner;
    this.#clock = tools.clock;
    this.#number = number;
    this.#lanes = lanes.map((lane) => lane[Symbol.iterator]());
  }

  /** Adds entries to this pass. */
  add(entries: Iterable<PolledEntry>): void {
    for (const entry of entries) this.#found.push(entry);
  }

  /** Adds a directory to be listed in this pass. */
  list(entry: PolledEntry): void {
    this.#toList.push(entry);
  }

  stop(): void {
    this.#stopped = true;
    this.#paging?.pages.close();
    this.#paging = null;
  }

  /** The looks and listings since this was asked last, by the lane that the entry was in. */
  takeReads(): LaneCounts {
    const reads = this.#reads;
    this.#reads = { ...NO_COUNTS };
    return reads;
  }

  /** Reads from `now` until `end`; `true` when nothing is left. */
  runSlice(now: number, end: number): boolean {
    this.#examiner.now = now;
    for (let count = 1; this.#stepSync(); count += 1) {
      if (count % LOOKS_PER_CLOCK !== 0) continue;
      this.#examiner.now = this.#clock.now();
      if (this.#examiner.now >= end) return false;
    }
    return true;
  }

  /** Reads with at most `inFlight` reads at once, calling `onProgress` after each. Never rejects. */
  runAsync(lane: ReadLane, inFlight: number, onProgress: () => void): Promise<void> {
    return new Promise((resolve) => {
      let active = 0;
      const pump = (): void => {
        while (active < inFlight) {
          const step = this.#stepAsync(lane);
          if (step === null) break;
          active += 1;
          void step.then(() => {
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

  #stepSync(): boolean {
    if (this.#stopped) return false;
    if (this.#paging !== null) {
      this.#turnPage(this.#paging);
      return true;
    }
    const directory = this.#toList.pop();
    if (directory !== undefined) {
      this.#listNow(directory);
      return true;
    }
    const entry = this.#take();
    if (entry === undefined) return false;
    this.#reads[entry.lane] += 1;
    if (this.#examiner.afterLook(entry, this.#reader.lookSync(entry.path))) this.list(entry);
    return true;
  }

  #listNow(directory: PolledEntry): void {
    this.#reads[directory.lane] += 1;
    const { path, children, stat } = directory;
    if (children.size < LARGE_MEMBERS && (stat === null || stat.size < LARGE_BYTES)) {
      this.add(this.#examiner.afterListing(directory, this.#reader.listSync(path)));
      return;
    }
    const opening = this.#reader.openSync(path);
    if (opening.kind === 'opened') {
      this.#paging = { directory, pages: opening.pages, check: new MemberCheck(directory) };
    } else {
      this.#examiner.afterListing(directory, opening);
    }
  }

  #turnPage({ directory, pages, check }: Paging): void {
    const page = pages.next();
    this.add(this.#examiner.afterPage(directory, check, page));
    if (page.kind === 'listed' && page.entries.length > 0) return;
    pages.close();
    this.#paging = null;
    if (page.kind === 'listed') this.#examiner.afterPages(directory, check);
  }

  #stepAsync(lane: ReadLane): Promise<void> | null {
    if (this.#stopped) return null;
    const directory = this.#toList.pop();
    if (directory !== undefined) {
      this.#reads[directory.lane] += 1;
      return this.#listLater(lane, directory);
    }
    const entry = this.#take();
    if (entry === undefined) return null;
    this.#reads[entry.lane] += 1;
    return this.#lookLater(lane, entry);
  }

  async #listLater(lane: ReadLane, directory: PolledEntry): Promise<void> {
    const listing = await lane.run(() => this.#reader.list(directory.path));
    if (this.#stopped || listing === undefined) return;
    this.#examiner.now = this.#clock.now();
    this.add(this.#examiner.afterListing(directory, listing));
  }

  async #lookLater(lane: ReadLane, entry: PolledEntry): Promise<void> {
    const look = await lane.run(() => this.#reader.look(entry.path));
    if (this.#stopped || look === undefined) return;
    this.#examiner.now = this.#clock.now();
    if (this.#examiner.afterLook(entry, look)) this.list(entry);
  }

  /** The next entry that is still wanted and was not looked at in this pass: what changes lanes is met again. */
  #take(): PolledEntry | undefined {
    for (;;) {
      const entry = this.#found.pop() ?? this.#nextInLanes();
      if (entry === undefined) return undefined;
      if (entry.sweep === this.#number || !this.#examiner.wants(entry)) continue;
      entry.sweep = this.#number;
      return entry;
    }
  }

  #nextInLanes(): PolledEntry | undefined {
    for (;;) {
      const lane = this.#lanes[0];
      if (lane === undefined) return undefined;
      const next = lane.next();
      if (next.done !== true) return next.value;
      this.#lanes.shift();
    }
  }
}
