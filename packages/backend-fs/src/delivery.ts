import {
  WatchError,
  type AbsPath,
  type LossReason,
  type Sink,
  type Touch,
} from '@watchkeeper/core';
import { BACKEND_NAME } from './watch-failure.ts';

/** How far each reach goes, to merge touches of one path. */
const REACH = { entry: 0, children: 1, tree: 2 } as const;

/**
 * The only caller of a sink. The first touch of a turn is passed on at once, for latency; those that
 * follow in the same turn are merged and leave together at its end, so that a burst is one call.
 * Everything is held back until the subscription was handed out, and stops for good with `stop`.
 */
export class Delivery {
  readonly #sink: Sink;
  #state: 'held' | 'live' | 'stopped' = 'held';
  #turnScheduled = false;
  #sinkThrew = false;
  readonly #touches = new Map<AbsPath, Touch>();
  readonly #problems: WatchError[] = [];

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Passes on one touch: now when it is the first of this turn, else at the end of the turn. */
  touch(touch: Touch): void {
    if (this.#state === 'stopped') return;
    if (this.#state === 'live' && !this.#turnScheduled) {
      this.#scheduleTurn();
      this.#call(() => this.#sink.touched([touch]));
      return;
    }
    const pending = this.#touches.get(touch.path);
    const wider = pending !== undefined && REACH[pending.reach] > REACH[touch.reach];
    this.#touches.set(touch.path, wider ? { ...touch, reach: pending.reach } : touch);
  }

  /** Reports a loss, after the touches that came before it. */
  lose(under: readonly AbsPath[], why: LossReason): void {
    if (this.#state !== 'live') return;
    this.#flushTouches();
    this.#call(() => this.#sink.lost(under, why));
  }

  /** Reports a place that is not covered, at the end of the turn and together with others of the turn. */
  degrade(problem: WatchError): void {
    if (this.#state === 'stopped') return;
    this.#problems.push(problem);
    if (this.#state === 'live') this.#scheduleTurn();
  }

  /** Passes on what is pending, then the end. */
  end(error: WatchError): void {
    if (this.#state !== 'live') return;
    this.flush();
    this.#call(() => this.#sink.ended(error));
    this.stop();
  }

  /** Lets go what was held back while the subscription was opening, in the next turn. */
  release(): void {
    if (this.#state !== 'held') return;
    this.#state = 'live';
    this.#scheduleTurn();
  }

  /** Passes on everything pending now. */
  flush(): void {
    if (this.#state !== 'live') return;
    this.#flushTouches();
    if (this.#problems.length === 0) return;
    const problem = coalesce(this.#problems);
    this.#problems.length = 0;
    this.#call(() => this.#sink.degraded(problem));
  }

  stop(): void {
    this.#state = 'stopped';
    this.#touches.clear();
    this.#problems.length = 0;
  }

  #flushTouches(): void {
    if (this.#touches.size === 0) return;
    const touches = [...this.#touches.values()];
    this.#touches.clear();
    this.#call(() => this.#sink.touched(touches));
  }

  #scheduleTurn(): void {
    if (this.#turnScheduled) return;
    this.#turnScheduled = true;
    setImmediate(() => {
      this.#turnScheduled = false;
      this.flush();
    });
  }

  #call(deliver: () => void): void {
    // A sink may close the subscription: nothing more may reach it in the same burst.
    if (this.#state === 'stopped') return;
    try {
      deliver();
    } catch (cause) {
      // Whatever a listener throws must not stop the delivery; one report is enough to find it.
      if (this.#sinkThrew) return;
      this.#sinkThrew = true;
      this.degrade(
        new WatchError('A sink threw while it was called', {
          code: 'ERR_WATCH_BACKEND_FAILED',
          effect: 'noted',
          backend: BACKEND_NAME,
          remedy: 'handle errors inside the sink',
          cause,
        }),
      );
    }
  }
}

/** One error for all problems of a turn: the first one's code, everyone's paths. */
function coalesce(problems: readonly WatchError[]): WatchError {
  const first = problems[0] as WatchError;
  if (problems.length === 1) return first;
  const partial = problems.find((problem) => problem.effect === 'partial') ?? first;
  return new WatchError(
    `${problems.length} places are not covered, the first is ${partial.paths[0]}`,
    {
      code: partial.code,
      effect: partial.effect,
      retryable: problems.some((problem) => problem.retryable),
      backend: BACKEND_NAME,
      paths: [...new Set(problems.flatMap((problem) => problem.paths))],
      ...(partial.remedy === undefined ? {} : { remedy: partial.remedy }),
      cause: new AggregateError(problems, `${problems.length} problems in one turn`),
    },
  );
}
