import { basename, dirname, sep } from 'node:path';
import type {
  Capabilities,
  LossReason,
  OpenRequest,
  Probe,
  Sink,
  Subscription,
  Touch,
  WatchBackend,
} from '../backend.ts';
import type { AbsPath } from '../entry.ts';
import { WatchError } from '../errors.ts';

/** What {@link ManualBackend.touch} may say beside the path. */
export type TouchDetails = Partial<Omit<Touch, 'path'>>;

/** One subscription of a {@link ManualBackend}. */
export interface ManualSubscription extends Subscription {
  /** What was asked for. */
  readonly request: OpenRequest;
  /** Where evidence is delivered. */
  readonly sink: Sink;
  /** Whether `close` was called, or the subscription ended. */
  readonly closed: boolean;
  /** Whether the subscription would keep the process alive. */
  readonly referenced: boolean;
}

/** Options of {@link createManualBackend}. */
export interface ManualBackendOptions {
  /** Name of the backend. @defaultValue `'manual'` */
  readonly name?: string;
  /** Capabilities that differ from those of an ideal push backend. */
  readonly capabilities?: Partial<Capabilities>;
  /** The answer of `probe()`. @defaultValue usable */
  readonly probe?: Probe;
  /**
   * Called by each `barrier()` of a subscription; touch from inside it what happened. Without it,
   * subscriptions have no barrier and core re-reads the scope on `flush()`.
   */
  readonly barrier?: (subscription: ManualSubscription) => void | Promise<void>;
}

/** A backend that knows nothing by itself: a test drives it. It is also the smallest honest backend to read. */
export interface ManualBackend extends WatchBackend {
  /** Every subscription that was opened, in order, the closed ones too. */
  readonly subscriptions: readonly ManualSubscription[];
  /** Those that are still open. */
  readonly active: readonly ManualSubscription[];
  /** How many calls of `open` wait for {@link ManualBackend.holdOpens} to be released. */
  readonly heldOpens: number;
  /** Makes every later `open` reject with what `decide` returns for it; `null` lets it through. */
  rejectOpens(decide: (request: OpenRequest) => WatchError | null): void;
  /** Makes every later `open` wait; the returned function releases them and ends the holding. */
  holdOpens(): () => void;
  /** Touches a path in every open subscription whose scope covers it; says how many did. */
  touch(path: string, details?: TouchDetails): number;
  /** Reports a loss below a path to every open subscription it concerns; without a path, for each root. */
  lose(why?: LossReason, under?: string): void;
  /** Reports that something is not covered. */
  degrade(error: WatchError): void;
  /** Ends every open subscription. */
  end(error: WatchError): void;
}

const ideal: Capabilities = {
  scope: { names: 'native', directory: 'native', tree: 'native' },
  delivery: 'push',
  loss: 'reported',
  openFileAppends: 'prompt',
  foreignWrites: 'seen',
  newDirectories: 'covered',
  movedDirectories: 'tracked',
  rootRemoval: 'reported',
  resume: 'none',
  unref: true,
  costPer: 'root',
  typicalLatencyMs: 0,
  worstLatencyMs: 0,
};

function covers({ root, scope }: OpenRequest, path: string): boolean {
  if (path === root) return true;
  if (scope.kind === 'tree') return path.startsWith(root + sep);
  if (dirname(path) !== root) return false;
  return scope.kind === 'directory' || scope.names.has(basename(path));
}

class Opened implements ManualSubscription {
  readonly request: OpenRequest;
  readonly sink: Sink;
  closed = false;
  referenced: boolean;
  barrier?: () => Promise<void>;
  readonly #closing = Promise.resolve();

  constructor(request: OpenRequest, sink: Sink, barrier: ManualBackendOptions['barrier']) {
    this.request = request;
    this.sink = sink;
    this.referenced = request.persistent;
    if (barrier !== undefined) this.barrier = async () => barrier(this);
  }

  ref(): void {
    this.referenced = true;
  }

  unref(): void {
    this.referenced = false;
  }

  close(): Promise<void> {
    this.closed = true;
    return this.#closing;
  }
}

/**
 * Creates a {@link ManualBackend}: an in-memory backend that touches, loses, degrades, ends, delays
 * and rejects on command.
 *
 * @example
 * ```ts
 * const backend = createManualBackend();
 * const watcher = new PathWatcher({ backends: [backend] });
 * const watch = watcher.watch('/etc/hosts');
 * await watch.ready;
 * backend.touch('/etc/hosts');
 * ```
 */
export function createManualBackend(options: ManualBackendOptions = {}): ManualBackend {
  const name = options.name ?? 'manual';
  const capabilities = { ...ideal, ...options.capabilities };
  const subscriptions: Opened[] = [];
  let decide: ((request: OpenRequest) => WatchError | null) | undefined;
  let gate: Promise<void> | undefined;
  let heldOpens = 0;
  const active = (): Opened[] => subscriptions.filter((subscription) => !subscription.closed);

  return {
    name,
    subscriptions,
    get active() {
      return active();
    },
    get heldOpens() {
      return heldOpens;
    },
    probe: async () => options.probe ?? { usable: true, version: '0' },
    capabilities: () => capabilities,
    async open(request, sink) {
      if (gate !== undefined) {
        heldOpens++;
        await gate;
        heldOpens--;
      }
      const error = request.signal.aborted
        ? new WatchError('Opening was aborted', {
            code: 'ERR_WATCH_ABORTED',
            backend: name,
            paths: [request.root],
          })
        : decide?.(request);
      if (error) throw error;
      const subscription = new Opened(request, sink, options.barrier);
      request.signal.addEventListener('abort', () => void subscription.close(), { once: true });
      subscriptions.push(subscription);
      return subscription;
    },
    rejectOpens(next) {
      decide = next;
    },
    holdOpens() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return () => {
        if (gate === promise) gate = undefined;
        resolve();
      };
    },
    touch(path, details) {
      const touch: Touch = { reach: 'entry', ...details, path: path as AbsPath };
      const concerned = active().filter(({ request }) => covers(request, path));
      for (const { sink } of concerned) sink.touched([touch]);
      return concerned.length;
    },
    lose(why = 'overflow', under) {
      for (const { request, sink } of active()) {
        if (under === undefined) sink.lost([request.root], why);
        else if (covers(request, under)) sink.lost([under as AbsPath], why);
      }
    },
    degrade(error) {
      for (const { sink } of active()) sink.degraded(error);
    },
    end(error) {
      for (const subscription of active()) {
        subscription.closed = true;
        subscription.sink.ended(error);
      }
    },
  };
}
