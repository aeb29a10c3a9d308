import type { AbsPath, OpenRequest, Touch, WatchError } from '@watchkeeper/core';
import { entryType, toEntryStat } from '@watchkeeper/core/backend-kit';
import { stayAfter, stayFor, UNCHANGING, type Stay } from './cadence.ts';
import type { Listing, Look } from './disk-reader.ts';
import type { EntryTable } from './entry-table.ts';
import { differs, isReplaced } from './fingerprint.ts';
import { granularityAt, isUnsettled } from './granularity.ts';
import { errors, looksUntilTold } from './poll-failure.ts';
import { MemberCheck } from './member-check.ts';
import type { PolledEntry } from './polled-entry.ts';

/** How often a directory is listed although its times stand still: some network and FUSE servers do not move them. */
export const FOREIGN_LISTING_MS = 30_000;

/** What an examiner has to say. */
export interface Findings {
  readonly touch: (touch: Touch) => void;
  readonly problem: (error: WatchError) => void;
  /** What a problem was told of can be read again. */
  readonly recovered: (path: AbsPath) => void;
}

type Found = Extract<Look, { kind: 'found' }>['stats'];

/** Decides what a reading means: whether to touch, how soon to look again, and whether to list. Reads nothing itself. */
export class Examiner {
  readonly #request: OpenRequest;
  readonly #table: EntryTable;
  readonly #findings: Findings;
  readonly #granularityMs: number;
  readonly #intervalMs: number;
  readonly #names: ReadonlySet<string> | null;
  #followed = -1;
  /** Monotonic time, no older than a slice; set by who reads. */
  now = 0;
  /** Whether every unsettled reading counts as changed now, for a barrier. */
  force = false;

  constructor(request: OpenRequest, table: EntryTable, findings: Findings, intervalMs: number) {
    this.#request = request;
    this.#table = table;
    this.#findings = findings;
    this.#granularityMs = granularityAt(request.place);
    this.#intervalMs = intervalMs;
    this.#names = request.scope.kind === 'names' ? request.scope.names : null;
  }

  /** Whether an entry is still to be looked at: names are dropped while a scope is open. */
  wants(entry: PolledEntry): boolean {
    if (entry.removed) return false;
    if (this.#names === null || this.#names.has(entry.name)) return true;
    this.#table.remove(entry);
    return false;
  }

  /** Whether names were certainly added or dropped since they were followed last. */
  get hasOtherNames(): boolean {
    return this.#names !== null && this.#names.size !== this.#followed;
  }

  /** Takes in one look; `true` when the entry is a directory whose members are to be listed. */
  afterLook(entry: PolledEntry, look: Look): boolean {
    if (entry.removed) return false;
    if (look.kind === 'failed') {
      this.#onFailed(entry, look.error);
      return false;
    }
    if (entry.failures > 0) this.#onReadable(entry);
    if (look.kind === 'absent') {
      this.#onAbsent(entry);
      return false;
    }
    const isListed =
      entry.stat === null || differs(entry.stat, look.stats)
        ? this.#onChanged(entry, look.stats)
        : this.#onUnchanged(entry, look.stats);
    entry.read = true;
    return isListed && look.stats.isDirectory() && this.#listsBelow(entry);
  }

  /** Takes in a look at the root, which is an entry of its own only where more than names was asked for. */
  afterRootLook(look: Look): boolean {
    const { root } = this.#table;
    if (this.#names === null) return this.afterLook(root, look);
    if (look.kind === 'found') root.stat = toEntryStat(look.stats);
    return false;
  }

  /** Takes in the members of a directory, in one piece; returns those that were not known. */
  afterListing(entry: PolledEntry, listing: Listing): readonly PolledEntry[] {
    const check = new MemberCheck(entry);
    const added = this.afterPage(entry, check, listing);
    if (listing.kind === 'listed') this.afterPages(entry, check);
    return added;
  }

  /** Takes in a part of a listing, or its failure; returns the members that were not known. */
  afterPage(entry: PolledEntry, check: MemberCheck, page: Listing): readonly PolledEntry[] {
    if (entry.removed) return [];
    if (page.kind !== 'listed') {
      entry.owesListing = true;
      if (page.kind === 'failed') this.#tell(entry, page.error);
      return [];
    }
    return check
      .take(page.entries)
      .filter((member) => !this.#request.ignores(entry.relativeOf(member.name), entryType(member)))
      .map(({ name }) => this.#table.add(entry, name));
  }

  /** Takes in that a listing is complete: what it did not show is gone. */
  afterPages(entry: PolledEntry, check: MemberCheck): void {
    if (entry.removed) return;
    if (entry.owesListing) this.#onListable(entry);
    entry.listedAt = this.now;
    for (const child of check.missing()) this.#remove(child, false);
  }

  /** Makes the entries of a `names` scope follow its live set; returns those that were added. */
  followNames(): readonly PolledEntry[] {
    const names = this.#names;
    if (names === null) return [];
    this.#followed = names.size;
    const { root } = this.#table;
    for (const entry of root.children.values()) this.wants(entry);
    const added: PolledEntry[] = [];
    for (const name of names) {
      if (root.children.has(name) || this.#request.ignores(name, undefined)) continue;
      added.push(this.#table.add(root, name));
    }
    return added;
  }

  #onChanged(entry: PolledEntry, stats: Found): boolean {
    const known = entry.stat;
    const replaced = known !== null && isReplaced(known, stats);
    if (replaced && known.type !== entryType(stats) && this.#isRefused(entry, stats)) {
      this.#remove(entry, false);
      return false;
    }
    if (replaced) this.#table.removeBelow(entry);
    const stat = toEntryStat(stats);
    entry.stat = stat;
    const tree = replaced && (known.type === 'directory' || stat.type === 'directory');
    this.#findings.touch({
      path: entry.path,
      reach: tree ? 'tree' : 'entry',
      hint: known === null ? 'created' : 'changed',
      ...(stat.type === 'symlink' ? {} : { stat }),
    });
    this.#unsettle(entry, stats);
    return true;
  }

  #onUnchanged(entry: PolledEntry, stats: Found): boolean {
    const { now } = this;
    if (entry.settlesAt === 0) {
      if (now >= entry.laneUntil) this.#cool(entry);
      return entry.owesListing || this.#isListingOld(entry);
    }
    const settled = now >= entry.settlesAt;
    if (settled) entry.settlesAt = 0;
    if (!settled && !this.force) return entry.owesListing;
    const stat = toEntryStat(stats);
    if (stat.type === 'directory') return true;
    this.#findings.touch({
      path: entry.path,
      reach: 'entry',
      hint: 'changed',
      ...(stat.type === 'symlink' ? {} : { stat }),
    });
    return false;
  }

  #onAbsent(entry: PolledEntry): void {
    if (this.#names === null) {
      this.#remove(entry, true);
      return;
    }
    const news = entry.stat !== null || !entry.read;
    const isFirst = !entry.read;
    entry.read = true;
    entry.stat = null;
    entry.settlesAt = 0;
    if (!news) {
      if (this.now >= entry.laneUntil) this.#cool(entry);
      return;
    }
    // What replaces a file by unlink and create, or by rename, is back in no time.
    this.#heat(entry, isFirst ? Number.POSITIVE_INFINITY : 0);
    this.#findings.touch({ path: entry.path, reach: 'entry', hint: 'removed', stat: null });
  }

  /** Trouble says nothing about the entry: what was known stays, and it is told once. */
  #onFailed(entry: PolledEntry, error: unknown): void {
    entry.failures += 1;
    const needed = looksUntilTold(error);
    if (entry.failures >= needed) this.#tell(entry, error);
    else this.#heat(entry, 0);
  }

  #tell(entry: PolledEntry, error: unknown): void {
    if (!entry.toldFailing) this.#findings.problem(errors.reading(error, entry.path));
    entry.toldFailing = true;
  }

  #onReadable(entry: PolledEntry): void {
    entry.failures = 0;
    if (!entry.owesListing) this.#untell(entry);
  }

  #onListable(entry: PolledEntry): void {
    entry.owesListing = false;
    this.#untell(entry);
  }

  #untell(entry: PolledEntry): void {
    if (entry.toldFailing) this.#findings.recovered(entry.path);
    entry.toldFailing = false;
  }

  #remove(entry: PolledEntry, confirmed: boolean): void {
    const type = entry.stat?.type;
    this.#table.remove(entry);
    this.#findings.touch({
      path: entry.path,
      reach: type === 'directory' ? 'tree' : 'entry',
      hint: 'removed',
      ...(confirmed ? { stat: null } : {}),
    });
  }

  /** Schedules a changed entry by its age: what was first read just now may have lain there for years. */
  #unsettle(entry: PolledEntry, stats: Found): void {
    const { clock, place } = this.#request;
    const wallNow = clock.wallNow();
    const unsettled = isUnsettled(place, stats.mtimeNs, wallNow);
    entry.settlesAt = unsettled ? clock.now() + this.#granularityMs : 0;
    entry.changed ||= entry.read;
    const ageMs = wallNow - Number(stats.ctimeNs / 1_000_000n);
    this.#heat(entry, unsettled || entry.read ? 0 : ageMs);
  }

  #heat(entry: PolledEntry, ageMs: number): void {
    this.#stay(entry, stayFor(this.#intervalMs, ageMs, this.now));
  }

  #cool(entry: PolledEntry): void {
    this.#stay(entry, stayAfter(entry.lane, this.#intervalMs, this.now));
  }

  /** What was only found young rests after its hot time: thousands of fresh files are no sign of writers. */
  #stay(entry: PolledEntry, stay: Stay): void {
    this.#table.move(entry, stay.lane === 'warm' && !entry.changed ? UNCHANGING : stay);
  }

  #isRefused(entry: PolledEntry, stats: Found): boolean {
    return this.#request.ignores(entry.relative, entryType(stats));
  }

  #isListingOld(entry: PolledEntry): boolean {
    return this.#request.place.shared !== false && this.now - entry.listedAt >= FOREIGN_LISTING_MS;
  }

  #listsBelow(entry: PolledEntry): boolean {
    const { kind } = this.#request.scope;
    return kind === 'tree' || (kind === 'directory' && entry.parent === null);
  }
}
