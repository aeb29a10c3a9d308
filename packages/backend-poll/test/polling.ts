import { EventRecorder, Workspace } from '@watchkeeper/conformance';
import type { AbsPath, Clock, Subscription, WatchBackend } from '@watchkeeper/core';
import {
  createManualClock,
  createOpenRequest,
  type ManualClock,
  type RequestWish,
} from '@watchkeeper/core/testing';
import { diskReader, type DiskReader, type Look } from '../src/disk-reader.ts';
import type { PollBackendOptions } from '../src/options.ts';
import { createPollBackendOn } from '../src/poll-backend.ts';

/** Long after every file of a test was written, so that readings are settled unless a test wants otherwise. */
const SETTLED_WALL_NOW = 4_000_000_000_000;

/** What a test may change about a request. */
export interface Wish extends RequestWish {
  readonly root?: AbsPath;
  readonly recorder?: EventRecorder;
}

function failing(code: string, path: string): { kind: 'failed'; error: Error } {
  return { kind: 'failed', error: Object.assign(new Error(`${code}: ${path}`), { code }) };
}

/** A disk whose looks are counted, and fail or wait where a test says so. */
export class TestDisk implements DiskReader {
  /** How often each path was looked at. */
  readonly looks: Map<string, number> = new Map<string, number>();
  /** How often each directory was listed. */
  readonly listings: Map<string, number> = new Map<string, number>();
  /** Errors to answer with, by path. */
  readonly failures: Map<string, string> = new Map<string, string>();
  /** Reads below a path that wait for a promise. */
  readonly holds: Map<string, Promise<void>> = new Map<string, Promise<void>>();
  /** Devices to answer with instead of the real one, by path. */
  readonly devices: Map<string, bigint> = new Map<string, bigint>();
  /** Time that passes with each synchronous look, in milliseconds, and what has passed so. */
  lookMs = 0;
  spentMs = 0;
  /** Parts of listings that can be read before one fails. */
  pagesBeforeFailure: number = Number.POSITIVE_INFINITY;
  /** Directories that are being listed in parts. */
  openPages = 0;
  /** Reads under way, and the most there ever were. */
  inFlight = 0;
  mostInFlight = 0;

  lookSync(path: string): Look {
    this.#count(this.looks, path);
    this.spentMs += this.lookMs;
    return this.#failureOf(path) ?? diskReader.lookSync(path);
  }

  listSync(path: string): ReturnType<DiskReader['listSync']> {
    this.#count(this.listings, path);
    return this.#failureOf(`${path}/`) ?? diskReader.listSync(path);
  }

  openSync(path: string): ReturnType<DiskReader['openSync']> {
    this.#count(this.listings, path);
    const failure = this.#failureOf(`${path}/`);
    if (failure !== null) return failure;
    const opening = diskReader.openSync(path);
    if (opening.kind !== 'opened') return opening;
    const { pages } = opening;
    this.openPages += 1;
    return {
      kind: 'opened',
      pages: {
        next: () => {
          this.spentMs += this.lookMs;
          this.pagesBeforeFailure -= 1;
          return this.pagesBeforeFailure === 0 ? failing('EIO', path) : pages.next();
        },
        close: () => {
          this.openPages -= 1;
          pages.close();
        },
      },
    };
  }

  look(path: string): Promise<Look> {
    this.#count(this.looks, path);
    return this.#slowly(path, () => this.#failureOf(path) ?? this.#onDevice(path));
  }

  list(path: string): ReturnType<DiskReader['list']> {
    this.#count(this.listings, path);
    return this.#slowly(path, () => this.#failureOf(`${path}/`) ?? diskReader.listSync(path));
  }

  looksAt(path: string): number {
    return this.looks.get(path) ?? 0;
  }

  /** Lets no read below `path` end until the returned function is called. */
  holdReads(path: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.holds.set(path, promise);
    return () => {
      this.holds.delete(path);
      resolve();
    };
  }

  async #slowly<T>(path: string, read: () => T): Promise<T> {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    const held = [...this.holds.keys()].find((above) => path.startsWith(above));
    await (held === undefined ? null : this.holds.get(held));
    this.inFlight -= 1;
    return read();
  }

  #failureOf(path: string): { kind: 'failed'; error: Error } | null {
    const code = this.failures.get(path);
    return code === undefined ? null : failing(code, path);
  }

  #onDevice(path: string): Look {
    const look = diskReader.lookSync(path);
    const device = this.devices.get(path);
    if (look.kind === 'found' && device !== undefined) look.stats.dev = device;
    return look;
  }

  #count(counts: Map<string, number>, path: string): void {
    counts.set(path, (counts.get(path) ?? 0) + 1);
  }
}

/** A temporary tree that is polled by hand. */
export class Polling {
  readonly workspace: Workspace = new Workspace();
  readonly recorder: EventRecorder = new EventRecorder();
  readonly disk: TestDisk = new TestDisk();
  readonly clock: ManualClock;
  readonly #options: PollBackendOptions;
  /** Moves also while the disk is read. */
  readonly #diskClock: Clock;
  #backend: WatchBackend | null = null;

  constructor(options: PollBackendOptions = {}, wallNow: number = SETTLED_WALL_NOW) {
    this.#options = options;
    this.clock = createManualClock({ wallNow });
    this.#diskClock = { ...this.clock, now: () => this.clock.now() + this.disk.spentMs };
  }

  open(wish: Wish = {}): Promise<Subscription> {
    const root = wish.root ?? this.workspace.root;
    const place = { fsType: 'ext4', ...wish.place };
    const request = createOpenRequest(root, { clock: this.#diskClock, ...wish, place });
    this.#backend ??= createPollBackendOn(this.disk, this.#options, () => 0);
    return this.#backend.open(request, wish.recorder ?? this.recorder);
  }

  /** Writes a file into the root. */
  write(name: string, content?: string): AbsPath {
    return this.workspace.write(this.workspace.at(name), content);
  }
}
