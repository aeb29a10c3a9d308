import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type {
  AbsPath,
  LossReason,
  OpenRequest,
  Sink,
  Subscription,
  Touch,
  WatchBackend,
  WatchError,
} from '@watchkeeper/core';
import {
  createManualClock,
  createOpenRequest,
  type ManualClock,
  type RequestWish,
} from '@watchkeeper/core/testing';
import { onTestFinished, vi } from 'vitest';
import { createNativeBackendOn } from '../src/native-backend.ts';
import type { NativeBackendOptions } from '../src/index.ts';
import { noPreflight, type Preflight } from '../src/preflight.ts';
import { FakeBinding } from './fake-binding.ts';

/** A sink that remembers. */
export class Recorder implements Sink {
  readonly touches: Touch[] = [];
  readonly losses: LossReason[] = [];
  /** What was told to be covered again, in order. */
  readonly regained: AbsPath[] = [];
  readonly problems: WatchError[] = [];
  end: WatchError | null = null;

  touched(touches: readonly Touch[]): void {
    this.touches.push(...touches);
  }

  lost(under: readonly AbsPath[], why: LossReason): void {
    this.losses.push(why);
    if (why === 'uncovered') this.regained.push(...under);
  }

  degraded(error: WatchError): void {
    this.problems.push(error);
  }

  ended(error: WatchError): void {
    this.end = error;
  }

  /** The touches of a path so far. */
  of(path: string): readonly Touch[] {
    return this.touches.filter((touch) => touch.path === path);
  }
}

/** What a test may change about a request. */
export interface Wish extends RequestWish {
  readonly root?: AbsPath;
}

/** A real tree, a manual clock, and a backend on a fake binding. */
export class NativeBench {
  readonly root: AbsPath;
  readonly base: string;
  readonly binding: FakeBinding = new FakeBinding();
  readonly clock: ManualClock = createManualClock();
  readonly backend: WatchBackend;

  constructor(preflight: Partial<Preflight> = {}, options: NativeBackendOptions = {}) {
    this.base = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-native-')));
    this.root = join(this.base, 'root') as AbsPath;
    mkdirSync(this.root);
    const loaded = { binding: this.binding, version: '0.0.0' };
    this.backend = createNativeBackendOn(
      {
        load: () => Promise.resolve(loaded),
        preflight: { ...noPreflight, ...preflight },
        registries: new WeakMap(),
      },
      options,
    );
    onTestFinished(() => {
      rmSync(this.base, { recursive: true, force: true });
      const { violations } = this.binding;
      if (violations.length > 0) throw new Error(`Misuse of the binding: ${violations.join(', ')}`);
    });
  }

  at(relative: string): AbsPath {
    return join(this.root, relative) as AbsPath;
  }

  makeDirectory(relative: string): AbsPath {
    mkdirSync(this.at(relative), { recursive: true });
    return this.at(relative);
  }

  write(relative: string): AbsPath {
    mkdirSync(dirname(this.at(relative)), { recursive: true });
    writeFileSync(this.at(relative), 'content\n');
    return this.at(relative);
  }

  request(wish: Wish = {}): OpenRequest {
    const place = { platform: 'linux', fsType: 'ext4', ...wish.place } as const;
    return createOpenRequest(wish.root ?? this.root, { clock: this.clock, ...wish, place });
  }

  /** Opens a subscription on any platform's rules. */
  async open(
    wish: Wish = {},
    platform: NodeJS.Platform = 'linux',
  ): Promise<{ readonly subscription: Subscription; readonly recorder: Recorder }> {
    const recorder = new Recorder();
    const request = this.request({ ...wish, place: { ...wish.place, platform } });
    const subscription = await this.backend.open(request, recorder);
    // What was held back while it opened is told in the next turn.
    await new Promise(setImmediate);
    return { subscription, recorder };
  }

  /** Resolves when a condition holds; the binding's answers take turns of the event loop. */
  async until(assertion: () => void): Promise<void> {
    await vi.waitFor(assertion, { timeout: 10_000, interval: 2 });
  }
}
