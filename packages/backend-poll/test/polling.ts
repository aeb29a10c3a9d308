import { EventRecorder, Workspace } from '@watchkeeper/conformance';
import type { AbsPath, Subscription } from '@watchkeeper/core';
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
}

/** A disk whose looks are counted, and fail or wait where a test says so. */
export class TestDisk implements DiskReader {
  /** How often each path was looked at. */
  readonly looks: Map<string, number> = new Map<string, number>();
  /** How often each directory was listed. */
  readonly listings: Map<string, number> = new Map<string, number>();
  /** Errors to answer with, by path. */
  readonly failures: Map<string, string> = new Map<string, string>();
  /** Reads that wait for this promise, while it is set. */
  hold: Promise<void> | null = null;
  /** Reads under way, and the most there ever were. */
  inFlight = 0;
  mostInFlight = 0;

  lookSync(path: string): Look {
    this.#count(this.looks, path);
    return this.#failureOf(path) ?? diskReader.lookSync(path);
  }

  listSync(path: string): ReturnType<DiskReader['listSync']> {
    this.#count(this.listings, path);
    return this.#failureOf(`${path}/`) ?? diskReader.listSync(path);
  }

  look(path: string): Promise<Look> {
    this.#count(this.looks, path);
    return this.#slowly(() => this.#failureOf(path) ?? diskReader.lookSync(path));
  }

  list(path: string): ReturnType<DiskReader['list']> {
    this.#count(this.listings, path);
    return this.#slowly(() => this.#failureOf(`${path}/`) ?? diskReader.listSync(path));
  }

  looksAt(path: string): number {
    return this.looks.get(path) ?? 0;
  }

  async #slowly<T>(read: () => T): Promise<T> {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await this.hold;
    this.inFlight -= 1;
    return read();
  }

  #failureOf(path: string): { kind: 'failed'; error: Error } | null {
    const code = this.failures.get(path);
    if (code === undefined) return null;
    return { kind: 'failed', error: Object.assign(new Error(`${code}: ${path}`), { code }) };
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

  constructor(options: PollBackendOptions = {}, wallNow: number = SETTLED_WALL_NOW) {
    this.#options = options;
    this.clock = createManualClock({ wallNow });
  }

  open(wish: Wish = {}): Promise<Subscription> {
    const root = wish.root ?? this.workspace.root;
    const place = { fsType: 'ext4', ...wish.place };
    const request = createOpenRequest(root, { clock: this.clock, ...wish, place });
    return createPollBackendOn(this.disk, this.#options).open(request, this.recorder);
  }

  /** Writes a file into the root. */
  write(name: string, content?: string): AbsPath {
    return this.workspace.write(this.workspace.at(name), content);
  }
}
