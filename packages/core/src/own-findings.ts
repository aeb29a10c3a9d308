import { entryPath } from './abs-path.ts';
import type { Capabilities } from './backend.ts';
import type { ChangeOrigin } from './change.ts';
import type { Clock, Timer } from './clock.ts';
import type { AbsPath } from './entry.ts';

/** What is to be looked at once more. */
export type SecondLook = 'everything' | ReadonlySet<AbsPath>;

/** Where it is looked once more. */
export interface AgainHost {
  /** The directory. */
  readonly root: AbsPath;
  /** Queues everything there is to look at. */
  seedAll(origin: ChangeOrigin): void;
  /** Queues what lies at or below a path. */
  seedUnder(path: AbsPath, origin: ChangeOrigin): void;
  /** Resolves when everything that `seed` adds has been looked at and told, or the scope is over. */
  pass(seed: () => void): Promise<void>;
}

/** Added to the longest time between two looks of a backend, in milliseconds: its own look takes time too. */
export const SECOND_LOOK_MARGIN_MS = 1000;

/**
 * What core found by looks of its own while a backend that polls serves the scope. Such a backend
 * compares what it sees with what it saw: what came after one of its looks and went before the next was
 * never there for it, and it will not tell that it went. So what core saw in between is looked at
 * once more, after the backend's next look.
 */
export class OwnFindings {
  readonly #clock: Clock;
  readonly #host: AgainHost;
  /** What the timer is set for. */
  #due = new Set<AbsPath>();
  /** What was found since: the backend may not look at it before the timer is over. */
  #fresh = new Set<AbsPath>();
  #everything = false;
  #timer: Timer | null = null;
  /** Longest time between two looks of the backend, in milliseconds; `null` when it does not poll. */
  #withinMs: number | null = null;

  constructor(clock: Clock, host: AgainHost) {
    this.#clock = clock;
    this.#host = host;
  }

  /** How what the backend touches comes to be known. */
  get origin(): 'event' | 'poll' {
    return this.#withinMs === null ? 'event' : 'poll';
  }

  /** A backend serves from now on, or none; everything is about to be looked at. */
  serve(capabilities: Capabilities | null): void {
    this.take();
    const withinMs = capabilities?.delivery === 'poll' ? capabilities.worstLatencyMs : null;
    this.#withinMs = withinMs;
    if (withinMs === null) return;
    this.#everything = true;
    this.#arm();
  }

  /** Notes a path, relative to the root, that core found to differ without being pointed to it. */
  add(relative: string): void {
    if (this.#withinMs === null) return;
    const { root } = this.#host;
    const paths = this.#timer === null ? this.#due : this.#fresh;
    paths.add(relative === '' ? root : entryPath(root, relative));
    this.#arm();
  }

  /** Queues what is to be looked at once more. */
  seed(again: SecondLook): void {
    if (again === 'everything') this.#host.seedAll('rescan');
    else for (const path of again) this.#host.seedUnder(path, 'rescan');
  }

  /** What is to be looked at once more; nothing of it is left here. */
  take(): SecondLook {
    this.#timer?.cancel();
    this.#timer = null;
    const taken = this.#everything ? 'everything' : new Set([...this.#due, ...this.#fresh]);
    this.#everything = false;
    this.#due = new Set();
    this.#fresh = new Set();
    return taken;
  }

  #arm(): void {
    if (this.#timer !== null || this.#withinMs === null) return;
    const delay = this.#withinMs + SECOND_LOOK_MARGIN_MS;
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      const again = this.#everything ? 'everything' : this.#due;
      this.#everything = false;
      this.#due = this.#fresh;
      this.#fresh = new Set();
      if (this.#due.size > 0) this.#arm();
      void this.#host.pass(() => this.seed(again));
    }, delay);
    this.#timer.unref();
  }
}
