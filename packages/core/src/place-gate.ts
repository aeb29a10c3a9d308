import type { Clock } from './clock.ts';

/** Threads of Node's pool for file system calls unless `UV_THREADPOOL_SIZE` says otherwise. */
const POOL_THREADS = 4;

/** Looks at once at one mounted file system while it answers: what a round trip costs is worth a second one, never the whole pool. */
export const LOOKS_PER_PLACE = 2;

/** How recent the last answer must be for a second look at once, in milliseconds: longer than a round trip to any server in use. */
export const ANSWERING_MS = 250;

/** Looks at once altogether: every thread of the pool but one, which stays free for everybody else while servers do not answer. */
export function looksAtOnce(poolSize: string | undefined): number {
  const threads = Number.parseInt(poolSize ?? '', 10);
  return Math.max(1, (Number.isNaN(threads) ? POOL_THREADS : threads) - 1);
}

interface Visited {
  running: number;
  answeredAt: number;
  readonly waiting: (() => void)[];
}

/**
 * Bounds looks that may wait for a server, for each mounted file system and altogether: a look at a dead
 * server never comes back and holds its thread, so a place that has not answered lately gets one look
 * at a time, and none gets the share of the others.
 */
export class PlaceGate {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #places = new Map<string, Visited>();
  #running = 0;

  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Does something at a place as soon as there is room. */
  async pass<T>(place: string, task: () => Promise<T>): Promise<T> {
    const visited = this.#visit(place);
    if (visited.waiting.length === 0 && this.#hasRoom(visited)) this.#enter(visited);
    else await new Promise<void>((resolve) => void visited.waiting.push(resolve));
    try {
      return await task();
    } finally {
      visited.running--;
      this.#running--;
      visited.answeredAt = this.#clock.now();
      this.#admit();
      if (visited.running === 0 && visited.waiting.length === 0) this.#places.delete(place);
    }
  }

  #visit(place: string): Visited {
    let visited = this.#places.get(place);
    if (visited === undefined) {
      visited = { running: 0, answeredAt: Number.NEGATIVE_INFINITY, waiting: [] };
      this.#places.set(place, visited);
    }
    return visited;
  }

  #hasRoom({ running, answeredAt }: Visited): boolean {
    if (this.#running >= this.#limit) return false;
    if (running === 0) return true;
    return running < LOOKS_PER_PLACE && this.#clock.now() - answeredAt < ANSWERING_MS;
  }

  #enter(visited: Visited): void {
    visited.running++;
    this.#running++;
  }

  /** Places in turn: whoever was let in goes to the end. */
  #admit(): void {
    for (const [name, visited] of [...this.#places]) {
      if (visited.waiting.length === 0) continue;
      this.#places.delete(name);
      this.#places.set(name, visited);
      for (let next = this.#next(visited); next !== undefined; next = this.#next(visited)) next();
    }
  }

  #next(visited: Visited): (() => void) | undefined {
    if (!this.#hasRoom(visited)) return undefined;
    const next = visited.waiting.shift();
    if (next !== undefined) this.#enter(visited);
    return next;
  }
}
