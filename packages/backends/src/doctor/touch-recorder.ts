import { dirname, sep } from 'node:path';
import type { Sink, Touch, WatchError } from '@watchkeeper/core';

/** Something that waits for paths to be touched. */
interface Wait {
  readonly missing: Set<string>;
  readonly resolve: (told: boolean) => void;
}

/** A sink that tells when certain paths were touched, whatever else is. */
export class TouchRecorder implements Sink {
  readonly #waits = new Set<Wait>();
  /** The first failure that was told, or `null`. */
  problem: WatchError | null = null;
  #ended = false;

  /**
   * Begins to wait for every one of these paths; call it before they are changed. Resolves with `false`
   * when the subscription ends first.
   */
  expect(paths: readonly string[]): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#ended) resolve(false);
      else this.#waits.add({ missing: new Set(paths), resolve });
    });
  }

  touched(touches: readonly Touch[]): void {
    for (const touch of touches) this.#settle((path) => reaches(touch, path));
  }

  /** A loss counts as told: core looks at everything below. */
  lost(under: readonly string[]): void {
    for (const path of under) this.#settle((it) => reaches({ path, reach: 'tree' }, it));
  }

  degraded(error: WatchError): void {
    this.problem ??= error;
  }

  ended(error: WatchError): void {
    this.problem ??= error;
    this.giveUp();
  }

  /** Ends every wait, now and later. */
  giveUp(): void {
    this.#ended = true;
    for (const { resolve } of this.#waits) resolve(false);
    this.#waits.clear();
  }

  #settle(isTold: (path: string) => boolean): void {
    for (const wait of this.#waits) {
      for (const path of wait.missing) if (isTold(path)) wait.missing.delete(path);
      if (wait.missing.size > 0) continue;
      this.#waits.delete(wait);
      wait.resolve(true);
    }
  }
}

function reaches(
  touch: { readonly path: string; readonly reach: Touch['reach'] },
  path: string,
): boolean {
  if (touch.path === path) return true;
  if (touch.reach === 'entry') return false;
  if (touch.reach === 'children') return dirname(path) === touch.path;
  return path.startsWith(touch.path.endsWith(sep) ? touch.path : touch.path + sep);
}
