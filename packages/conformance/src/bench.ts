import {
  PathWatcher,
  isWatchError,
  type AbsPath,
  type Capabilities,
  type OpenRequest,
  type Place,
  type Scope,
  type WatchBackend,
  type WatchErrorCode,
  type WatchOptions,
} from '@watchkeeper/core';
import { CountingClock } from './counting-clock.ts';
import { testSeeds } from './differential/seeds.ts';
import { EventRecorder } from './event-recorder.ts';
import { countHoldings, isReleased, warmUp, type Holdings } from './leak-check.ts';
import { Observation, SENTINEL } from './observation.ts';
import { DEADLINE_MS, type BackendModule, type ConformanceOptions } from './options.ts';
import type { ConformanceRunner } from './runner.ts';
import { Scene } from './scene.ts';
import { until } from './until.ts';
import { Workspace } from './workspace.ts';

/** What a case may change about a request. */
export interface OpenWish {
  /** @defaultValue `{ kind: 'tree' }` */
  readonly scope?: Scope;
  /** @defaultValue the workspace's root */
  readonly root?: AbsPath;
  /** @defaultValue nothing is ignored */
  readonly ignores?: OpenRequest['ignores'];
  readonly prune?: readonly AbsPath[];
  readonly signal?: AbortSignal;
  /** @defaultValue a fresh one */
  readonly recorder?: EventRecorder;
}

/** Everything one case works with: a fresh backend, a fresh tree, and a record of what it opened. */
export class Bench {
  readonly backend: WatchBackend;
  readonly workspace: Workspace;
  readonly expect: ConformanceRunner['expect'];
  readonly clock: CountingClock = new CountingClock();
  readonly deadlineMs: number;
  readonly place: Place;
  /** How another process makes the backend, if that is known. */
  readonly module: BackendModule | null;
  /** The seeds of random programs. */
  readonly seeds: readonly number[];
  readonly #opened: Observation[] = [];
  readonly #watchers: PathWatcher[] = [];
  #watcher: PathWatcher | null = null;
  readonly #before: Holdings;

  constructor(
    backend: WatchBackend,
    expect: ConformanceRunner['expect'],
    options: ConformanceOptions,
  ) {
    this.backend = backend;
    this.expect = expect;
    this.deadlineMs = options.deadlineMs ?? DEADLINE_MS;
    this.module = options.module ?? null;
    this.seeds = testSeeds(options.seeds);
    warmUp();
    this.#before = countHoldings();
    this.workspace = new Workspace(options.directory);
    this.place = {
      platform: process.platform,
      fsType: 'unknown',
      shared: false,
      caseSensitive: true,
      ...options.place,
      path: this.workspace.root,
    };
  }

  get capabilities(): Capabilities {
    return this.backend.capabilities(this.place);
  }

  /** A request for the backend. */
  request(wish: OpenWish = {}): OpenRequest {
    const root = wish.root ?? this.workspace.root;
    return {
      root,
      scope: wish.scope ?? { kind: 'tree' },
      place: { ...this.place, path: root },
      ignores: wish.ignores ?? (() => false),
      prune: wish.prune ?? [],
      followSymlinks: false,
      persistent: true,
      pollIntervalMs: 0,
      clock: this.clock,
      signal: wish.signal ?? new AbortController().signal,
    };
  }

  /** Opens a subscription that is closed when the case ends. */
  async open(wish: OpenWish = {}): Promise<Observation> {
    const recorder = wish.recorder ?? new EventRecorder();
    const request = this.request(wish);
    recorder.forbidden = 'open';
    const opening = this.backend.open(request, recorder);
    recorder.forbidden = null;
    const subscription = await opening;
    const observation = new Observation(this, subscription, recorder, request);
    this.#opened.push(observation);
    return observation;
  }

  /** A `names` scope; the name that is used to settle is part of it. */
  names(...names: readonly string[]): Scope & { readonly names: Set<string> } {
    return { kind: 'names', names: new Set([SENTINEL, ...names]) };
  }

  /** A `PathWatcher` that has this backend and no other; made when it is first asked for. */
  get watcher(): PathWatcher {
    this.#watcher ??= this.createWatcher();
    return this.#watcher;
  }

  /** Another `PathWatcher` of that kind; closed when the case ends. */
  createWatcher(): PathWatcher {
    const watcher = new PathWatcher({
      backends: [this.backend],
      fallback: 'none',
      clock: this.clock,
    });
    this.#watchers.push(watcher);
    return watcher;
  }

  /** Watches a path, by default the whole root, and resolves when the watch is live. */
  async watch(
    path: string = this.workspace.root,
    options: WatchOptions = { recursive: true },
  ): Promise<Scene> {
    const scene = new Scene(this.watcher, path, options, this.expect);
    await scene.ready();
    return scene;
  }

  /** Expects that opening is refused with a code, and that the error names the root. */
  async expectRefusal(wish: OpenWish, code: WatchErrorCode): Promise<void> {
    const request = this.request(wish);
    let refusal: unknown;
    try {
      const subscription = await this.backend.open(request, new EventRecorder());
      await subscription.close();
    } catch (error) {
      // Whatever is thrown is what is judged.
      refusal = error;
    }
    this.expect(
      isWatchError(refusal),
      `open must reject with a WatchError, got ${String(refusal)}`,
    ).toBe(true);
    if (!isWatchError(refusal)) return;
    this.expect(refusal.code, 'the code of the refusal').toBe(code);
    this.expect(refusal.paths.includes(request.root), 'the error names the root').toBe(true);
  }

  /** Expects that nothing is held that was not held when the case began. */
  async expectReleased(): Promise<void> {
    await until(() => isReleased(this.#before, countHoldings()), this.deadlineMs);
    const now = countHoldings();
    this.expect(isReleased(this.#before, now), `handles left: ${JSON.stringify(now)}`).toBe(true);
    this.expect(this.clock.pending, 'timers left').toBe(0);
  }

  /** Closes what is open, checks what every case owes, and removes the tree. */
  async dispose(): Promise<void> {
    try {
      for (const { recorder, subscription } of this.#opened) {
        recorder.forbidden = 'close';
        const closing = subscription.close();
        recorder.forbidden = 'the time after close';
        await closing;
      }
      for (const watcher of this.#watchers) await watcher.close();
      await this.expectReleased();
      this.expect(
        this.#opened.flatMap(({ recorder }) => recorder.violations),
        'sink calls where none may be made',
      ).toEqual([]);
    } finally {
      this.workspace.dispose();
    }
  }
}
