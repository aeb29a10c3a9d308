import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isWatchError, type AbsPath, type OpenRequest, type Subscription } from '@watchkeeper/core';
import type { Bench } from './bench.ts';
import { isWithin, type EventRecorder } from './event-recorder.ts';

/** The file by which a backend without a barrier is brought to say what it knows. */
export const SENTINEL = '.conformance-sentinel';

let sentinelCount = 0;

/** An open subscription and what it told. */
export class Observation {
  readonly subscription: Subscription;
  readonly recorder: EventRecorder;
  readonly request: OpenRequest;
  readonly #bench: Bench;

  constructor(
    bench: Bench,
    subscription: Subscription,
    recorder: EventRecorder,
    request: OpenRequest,
  ) {
    this.#bench = bench;
    this.subscription = subscription;
    this.recorder = recorder;
    this.request = request;
  }

  /**
   * Resolves when everything done before has been told: by the barrier, or, where there is none, when a
   * file written last has been touched. The latter proves presence only, unless a backend keeps order.
   */
  async settle(): Promise<void> {
    if (this.subscription.barrier !== undefined) {
      await this.subscription.barrier();
      return;
    }
    const sentinel = join(this.request.root, SENTINEL) as AbsPath;
    const mark = this.recorder.mark();
    sentinelCount += 1;
    writeFileSync(sentinel, `${'x'.repeat(sentinelCount % 100)}${sentinelCount}\n`);
    await this.recorder.until(
      () => this.recorder.covers(sentinel, mark) || this.recorder.end !== null,
      this.#bench.deadlineMs,
    );
  }

  /** Makes a backend that only looks now and then look now, where the subscription may end or close from it. */
  async prompt(): Promise<void> {
    try {
      await this.subscription.barrier?.();
    } catch (error) {
      // A barrier may be refused once the subscription has ended; nothing else may be wrong with it.
      if (!isWatchError(error)) throw error;
    }
  }

  /** Expects that each path is touched, or told lost, because of what `act` does. */
  async expectTouched(paths: AbsPath | readonly AbsPath[], act: () => void): Promise<void> {
    const wanted = typeof paths === 'string' ? [paths] : paths;
    const mark = this.recorder.mark();
    act();
    const missing = (): readonly AbsPath[] =>
      wanted.filter((path) => !this.recorder.covers(path, mark));
    if (this.subscription.barrier === undefined) {
      await this.recorder.until(() => missing().length === 0, this.#bench.deadlineMs);
    } else {
      await this.subscription.barrier();
    }
    this.#bench.expect(missing(), 'paths that changed and were not touched').toEqual([]);
  }

  /** Expects that nothing at or below `top` is touched because of what `act` does. */
  async expectQuiet(top: AbsPath, act: () => void): Promise<void> {
    const mark = this.recorder.mark();
    act();
    await this.settle();
    const touched = this.recorder.touchesWithin(top, mark).map(({ path }) => path);
    this.#bench.expect(touched, `touches at or below ${top}`).toEqual([]);
  }

  /** Expects that every touch so far lay inside the root. */
  expectInside(): void {
    const strays = this.recorder
      .touchesSince()
      .filter(({ path }) => !isWithin(path, this.request.root));
    this.#bench.expect(strays, 'touches outside of the root').toEqual([]);
  }
}
