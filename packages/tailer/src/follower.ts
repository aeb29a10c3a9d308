import type { BigIntStats } from 'node:fs';

import type { Clock, EntryStat } from '@watchkeeper/core';

import type { Checkpoint } from './cursor-codec.ts';
import type { DescriptorHolder, DescriptorPool } from './descriptor-pool.ts';
import { Displacement } from './displacement.ts';
import type { FileIo } from './file-io.ts';
import { identityOf, isStillThere, sameFile, type FileIdentity } from './identity.ts';
import { lineStartBefore, readFully, readMarker } from './line-start.ts';
import { LookMemory } from './look-memory.ts';
import { MARKER_BYTES } from './marker.ts';
import { openFile, openMoved, type OpenedFile } from './opened-file.ts';
import { withReadBuffer } from './read-buffer.ts';
import { ReadHead, type LineSink } from './read-head.ts';
import { SHRINK_CONFIRM_MS, ShrinkDoubt } from './shrink-doubt.ts';
import type { RestartReason } from './tail.ts';

/** Receives what a {@link Follower} reads, in file order. */
export interface FollowerSink extends LineSink {
  /** The first line to come begins here; not called for byte 0. */
  starting(checkpoint: Checkpoint): void;
  /** The next line belongs to a new generation; the follower still stands at the end of the old one. */
  restarting(reason: RestartReason): void;
}

/** What a {@link Follower} works with. */
export interface FollowerConfig {
  readonly path: string;
  readonly io: FileIo;
  readonly clock: Clock;
  readonly pool: DescriptorPool;
  readonly maxLineBytes: number;
  readonly readChunkBytes: number;
}

/**
 * Reads one path forward, through growth, truncation and rotation, and says where each generation begins.
 * Every read starts up to 1 KiB before the position, so that the read which fetches new bytes also shows whether the
 * old ones are still there. It holds no timer and never reads unless it is told to.
 */
export class Follower implements DescriptorHolder {
  readonly #config: FollowerConfig;
  readonly #sink: FollowerSink;
  readonly #head: ReadHead;
  #fd = -1;
  #identity: FileIdentity | null = null;
  /** For `from: 'end'`, the size that the file had at the start, until the start is found. */
  #startSize: number | null = null;
  readonly #displacement: Displacement;
  /** The file that the path leads to now, while the displaced one is read to its end. */
  #successor: OpenedFile | null = null;
  /** Whether the path led nowhere when it was last opened. */
  #missing = false;
  readonly #doubt: ShrinkDoubt;
  readonly #looks = new LookMemory();
  #reading = false;

  constructor(config: FollowerConfig, sink: FollowerSink) {
    this.#config = config;
    this.#sink = sink;
    this.#displacement = new Displacement(config.clock);
    this.#doubt = new ShrinkDoubt(config.clock);
    this.#head = new ReadHead(config.maxLineBytes, sink);
  }

  /** The last line boundary that was read. */
  get checkpoint(): Checkpoint {
    return this.#head.checkpoint(this.#identity);
  }

  /** Where the next new byte stands. */
  get position(): number {
    return this.#head.position;
  }

  /** Whether a file is being read that the path no longer leads to. */
  get draining(): boolean {
    return this.#displacement.active;
  }

  /** Milliseconds after which to read again although nothing is signalled, or `null` when no doubt is left. */
  get recheckMs(): number | null {
    return this.#doubt.open ? SHRINK_CONFIRM_MS : null;
  }

  /** Goes to the start of the last line; where the file cannot be read now, later reads do so, up to its present size. */
  startAtEnd(): void {
    const { io, path } = this.#config;
    const stat = io.stat(path);
    if (stat?.isFile() !== true) return;
    this.#recognise(stat);
    this.#startSize = Number(stat.size);
    this.#ensureOpen();
  }

  /** Goes to where a cursor stood. */
  startAt(checkpoint: Checkpoint): void {
    this.#identity = checkpoint.identity;
    this.#head.resume(checkpoint);
    this.#sink.starting(checkpoint);
  }

  /** Takes in what someone else just found at the path. Returns whether that shows the file that is open. */
  note(found: EntryStat | null): boolean {
    if (found === null || this.#fd === -1 || !this.#isOurs(found)) return false;
    this.#displacement.end();
    return true;
  }

  /** Looks where the path leads. Returns whether there may be something to read. */
  look(): boolean {
    const { io, path } = this.#config;
    const stat = io.stat(path);
    if (this.#identity === null && stat?.isFile() === true) this.#recognise(stat);
    if (stat !== undefined && this.#isOurs(stat)) {
      this.#displacement.end();
      const { position } = this.#head;
      // A descriptor may show an older file than its path does, such as the lower layer of an overlay after a copy-up.
      if (this.#looks.isStuck(stat, position) && this.parkable) this.park();
      return this.#looks.differs(stat, position);
    }
    if (this.#fd !== -1) this.#displacement.begin();
    return stat !== undefined || this.#fd !== -1;
  }

  /** Prepares a read after a signal: a line that ends in NUL bytes is read again, since its writer may have filled them. */
  begin(): void {
    if (this.#head.endsInNul) this.#head.rewind();
  }

  /** Reads one chunk. Returns whether there may be more. */
  step(): boolean {
    if (!this.#ensureOpen()) return false;
    this.#config.pool.use(this);
    this.#reading = true;
    try {
      return withReadBuffer(MARKER_BYTES + this.#config.readChunkBytes, (buffer) =>
        this.#read(buffer),
      );
    } finally {
      this.#reading = false;
    }
  }

  /** After a failure: lets go of a descriptor that may be stale, unless it is the only way to its file. */
  recover(): void {
    if (!this.#displacement.active || this.#displacement.overdue) this.park();
  }

  get parkable(): boolean {
    return !this.#displacement.active && !this.#reading;
  }

  park(): void {
    this.#head.compact();
    this.close();
  }

  /** Closes every descriptor. */
  close(): void {
    const { io, pool } = this.#config;
    const open = [this.#fd, this.#successor?.fd ?? -1];
    this.#fd = -1;
    this.#successor = null;
    this.#displacement.end();
    pool.drop(this);
    for (const fd of open) if (fd !== -1) io.close(fd);
  }

  #read(buffer: Buffer): boolean {
    const head = this.#head;
    const { io, readChunkBytes } = this.#config;
    const known = head.overlap;
    const from = head.position - known;
    let read = io.read(this.#fd, buffer, 0, known + readChunkBytes, from);
    if (read > 0 && read <= known) {
      // A read may come short anywhere; only one that returns nothing stands for the end.
      read += readFully(io, this.#fd, buffer.subarray(read), known + 1 - read, from + read);
    }
    if (read < known || !head.continues(buffer)) return this.#diverged(read < known);
    this.#doubt.end();
    if (read === known) return this.#displacement.active && this.#followPath();
    head.accept(buffer, known, read);
    this.#displacement.grew();
    return true;
  }

  /** What stands before the position is not what was read there. */
  #diverged(short: boolean): boolean {
    if (this.#head.inLine) {
      // Only the unfinished line may have been cut or filled in: the next read tells, from its start.
      this.#head.rewind();
      return true;
    }
    const { io, path } = this.#config;
    if (short && this.#doubt.holds(() => io.isRemote(path))) return false;
    const size = Number(io.fstat(this.#fd).size);
    this.#restart(size < this.#head.furthest ? 'truncated' : 'rewritten');
    return true;
  }

  #restart(reason: RestartReason): void {
    this.#head.abandonLine();
    this.#sink.restarting(reason);
    this.#head.restart();
    this.#startSize = null;
    this.#doubt.end();
  }

  /** The open file is read to its end and the path leads elsewhere: goes over once the other file is the one to read. */
  #followPath(): boolean {
    const { io, path } = this.#config;
    if (this.#successor !== null) {
      const successor = this.#successor;
      this.#successor = null;
      this.close();
      this.#restart('replaced');
      this.#adopt(successor);
      return true;
    }
    const next = openFile(io, path);
    if (next === null) {
      if (this.#displacement.overdue) this.park();
      return false;
    }
    const movedBack = this.#isOurs(next.stat);
    if (movedBack || (next.stat.size === 0n && !this.#displacement.overdue)) {
      if (movedBack) this.#displacement.end();
      io.close(next.fd);
      return false;
    }
    // What the writer appended to the old file before it began the new one is read first.
    this.#successor = next;
    return true;
  }

  /** Remembers which file stands at the path before it can be opened: should another one take its place, it is looked for. */
  #recognise(stat: BigIntStats): void {
    this.#identity = identityOf(stat);
    this.#missing = false;
  }

  /** Sees to it that a file is open and the start of reading known. Returns whether there is a file. */
  #ensureOpen(): boolean {
    if (this.#fd === -1 && !this.#open()) return false;
    if (this.#startSize !== null) this.#findStart(this.#startSize);
    return true;
  }

  #open(): boolean {
    const { io, path, pool } = this.#config;
    const opened = openFile(io, path, () => pool.makeRoom(this));
    if (opened === null) {
      this.#missing = true;
      return false;
    }
    const known = this.#identity;
    if (known === null || isStillThere(known, opened.identity, this.#missing)) this.#adopt(opened);
    else this.#openOther(known, opened);
    this.#missing = false;
    return true;
  }

  /** Another file stands at the path than was read before: the old one is looked for and finished first. */
  #openOther(known: FileIdentity, opened: OpenedFile): void {
    const { io, path } = this.#config;
    const old = openMoved(io, path, known);
    if (old === null) {
      this.#restart('replaced');
      this.#adopt(opened);
      return;
    }
    this.#adopt(old);
    this.#displacement.begin();
    this.#successor = opened;
  }

  #adopt(opened: OpenedFile): void {
    this.#fd = opened.fd;
    this.#identity = opened.identity;
    this.#config.pool.use(this);
  }

  #findStart(startSize: number): void {
    const { io } = this.#config;
    const offset = lineStartBefore(io, this.#fd, startSize);
    this.#head.moveTo(offset, readMarker(io, this.#fd, offset));
    this.#startSize = null;
    this.#sink.starting(this.checkpoint);
  }

  #isOurs(stat: Pick<EntryStat, 'dev' | 'ino' | 'birthtimeNs' | 'ctimeNs'>): boolean {
    if (this.#identity === null) return false;
    // The number of an open inode cannot be given to another file, so no time of birth is needed.
    if (this.#fd === -1) return sameFile(this.#identity, identityOf(stat));
    return this.#identity.ino === stat.ino && this.#identity.dev === stat.dev;
  }
}
