import type { OpenRequest, Touch, WatchError } from '@watchkeeper/core';
import { entryType, toEntryStat } from '@watchkeeper/core/backend-kit';
import { laneAfterUnchanged } from './cadence.ts';
import type { Listing, Look } from './disk-reader.ts';
import type { EntryTable } from './entry-table.ts';
import { differs, isReplaced } from './fingerprint.ts';
import { granularityAt, isUnsettled } from './granularity.ts';
import { errors } from './poll-failure.ts';
import type { PolledEntry } from './polled-entry.ts';

/** How often a directory is listed although its times stand still: some network and FUSE servers do not move them. */
export const FOREIGN_LISTING_MS = 30_000;

/** What an examiner has to say. */
export interface Findings {
  readonly touch: (touch: Touch) => void;
  readonly problem: (error: WatchError) => void;
}

type Found = Extract<Look, { kind: 'found' }>['stats'];

/** Decides what a reading means: whether to touch, how soon to look again, and whether to list. Reads nothing itself. */
export class Examiner {
  readonly #request: OpenRequest;
  readonly #table: EntryTable;
  readonly #findings: Findings;
  readonly #granularityMs: number;
  /** Whether every unsettled reading counts as changed now, for a barrier. */
  force = false;

  constructor(request: OpenRequest, table: EntryTable, findings: Findings) {
    this.#request = request;
    this.#table = table;
    this.#findings = findings;
    this.#granularityMs = granularityAt(request.place);
  }

  /** Takes in one look; `true` when the entry is a directory whose members are to be listed. */
  afterLook(entry: PolledEntry, look: Look): boolean {
    if (entry.removed) return false;
    if (look.kind === 'failed') {
      // Trouble says nothing about the entry: what was known stays, and it is told once.
      if (!entry.failing) this.#findings.problem(errors.reading(look.error, entry.path));
      entry.failing = true;
      return false;
    }
    entry.failing = false;
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
    if (this.#request.scope.kind !== 'names') return this.afterLook(root, look);
    if (look.kind === 'found') root.stat = toEntryStat(look.stats);
    return false;
  }

  /** Takes in the members of a directory; returns those that were not known. */
  afterListing(entry: PolledEntry, listing: Listing): readonly PolledEntry[] {
    if (entry.removed) return [];
    if (listing.kind !== 'listed') {
      if (listing.kind === 'failed' && !entry.owesListing) {
        this.#findings.problem(errors.reading(listing.error, entry.path));
      }
      entry.owesListing = true;
      return [];
    }
    entry.owesListing = false;
    entry.listedAt = this.#request.clock.now();
    const seen = new Set<string>();
    const added: PolledEntry[] = [];
    for (const member of listing.entries) {
      seen.add(member.name);
      if (entry.children.has(member.name)) continue;
      if (this.#request.ignores(entry.relativeOf(member.name), entryType(member))) continue;
      added.push(this.#table.add(entry, member.name));
    }
    for (const child of entry.children.values()) {
      if (!seen.has(child.name)) this.#remove(child, false);
    }
    return added;
  }

  /** Makes the entries of a `names` scope follow its live set; returns those that were added. */
  followNames(names: ReadonlySet<string>): readonly PolledEntry[] {
    const { root } = this.#table;
    for (const entry of root.children.values()) {
      if (!names.has(entry.name)) this.#table.remove(entry);
    }
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
    this.#unsettle(entry, stats.mtimeNs);
    return true;
  }

  #onUnchanged(entry: PolledEntry, stats: Found): boolean {
    const now = this.#request.clock.now();
    entry.unchangedLooks += 1;
    if (entry.settlesAt === 0) {
      this.#table.move(entry, laneAfterUnchanged(entry.lane, entry.unchangedLooks));
      return entry.owesListing || this.#isListingOld(entry, now);
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
    const isName = this.#request.scope.kind === 'names';
    if (!isName) {
      this.#remove(entry, true);
      return;
    }
    const news = entry.stat !== null || !entry.read;
    entry.read = true;
    entry.stat = null;
    entry.settlesAt = 0;
    entry.unchangedLooks += 1;
    if (!news) {
      this.#table.move(entry, laneAfterUnchanged(entry.lane, entry.unchangedLooks));
      return;
    }
    // What replaces a file by unlink and create, or by rename, is back in no time.
    if (!entry.removed) this.#table.move(entry, 'hot');
    this.#findings.touch({ path: entry.path, reach: 'entry', hint: 'removed', stat: null });
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

  #unsettle(entry: PolledEntry, mtimeNs: bigint): void {
    const { clock, place } = this.#request;
    const unsettled = isUnsettled(place, mtimeNs, clock.wallNow());
    entry.settlesAt = unsettled ? clock.now() + this.#granularityMs : 0;
    entry.unchangedLooks = 0;
    if (unsettled || entry.read) this.#table.move(entry, 'hot');
  }

  #isRefused(entry: PolledEntry, stats: Found): boolean {
    return this.#request.ignores(entry.relative, entryType(stats));
  }

  #isListingOld(entry: PolledEntry, now: number): boolean {
    return this.#request.place.shared !== false && now - entry.listedAt >= FOREIGN_LISTING_MS;
  }

  #listsBelow(entry: PolledEntry): boolean {
    const { kind } = this.#request.scope;
    return kind === 'tree' || (kind === 'directory' && entry.parent === null);
  }
}
