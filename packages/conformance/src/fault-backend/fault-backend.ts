import type {
  AbsPath,
  Capabilities,
  LossReason,
  OpenRequest,
  WatchBackend,
  WatchError,
} from '@watchkeeper/core';
import { BACKEND_NAME, FaultSubscription, LOOK_INTERVAL_MS } from './fault-subscription.ts';
import { noFaults, type Faults } from './faults.ts';

/** A backend that keeps the contract until it is told to break it. */
export interface FaultBackend extends WatchBackend {
  /** What it does wrong from now on; assign to it. */
  readonly faults: Faults;
  /** The requests that are open. */
  readonly requests: readonly OpenRequest[];
  /** Looks now, in every open subscription. */
  look(): void;
  /** Reports a loss below a path to those who watch it; without a path, of each root. */
  lose(why?: LossReason, under?: string): void;
  /** Reports to everyone that something is not covered. */
  degrade(error: WatchError): void;
  /** Ends every open subscription. */
  end(error: WatchError): void;
}

const capabilities: Capabilities = {
  scope: { names: 'native', directory: 'native', tree: 'native' },
  delivery: 'poll',
  loss: 'reported',
  openFileAppends: 'next-poll',
  foreignWrites: 'seen',
  newDirectories: 'covered',
  movedDirectories: 'tracked',
  rootRemoval: 'reported',
  resume: 'none',
  unref: true,
  costPer: 'sweep',
  typicalLatencyMs: LOOK_INTERVAL_MS / 2,
  worstLatencyMs: 1000,
};

/**
 * Makes the reference backend: it holds nothing but a table, compares it with a scan every 20 ms and at
 * each barrier, passes every case of the kit, and does wrong exactly what {@link Faults} says. For tests
 * of what stands on a backend, and of the kit itself.
 *
 * @param differing - capabilities it declares otherwise, whether or not it is true
 *
 * @example
 * ```ts
 * const backend = createFaultBackend();
 * const watcher = new PathWatcher({ backends: [backend, createPollBackend()] });
 * const watch = watcher.watch('/etc/app', { recursive: true });
 * await watch.ready;
 * backend.faults.lose = ({ path }) => path.endsWith('.log'); // silence
 * backend.faults.refuse = (path) => (path.endsWith('/secret') ? 'EACCES' : null);
 * backend.lose('overflow'); // everything may have changed
 * ```
 */
export function createFaultBackend(differing: Partial<Capabilities> = {}): FaultBackend {
  const faults = noFaults();
  const declared = { ...capabilities, ...differing };
  const opened = new Set<FaultSubscription>();
  const open = (): readonly FaultSubscription[] => {
    for (const subscription of opened) if (subscription.closed) opened.delete(subscription);
    return [...opened];
  };
  return {
    name: BACKEND_NAME,
    faults,
    get requests() {
      return open().map(({ request }) => request);
    },
    probe: async () => ({ usable: true, version: '1' }),
    capabilities: () => declared,
    async open(request, sink) {
      if (faults.throw !== null) throw faults.throw;
      const refusal = faults.reject?.(request) ?? null;
      if (refusal !== null) throw refusal;
      const subscription = new FaultSubscription(request, sink, faults);
      await subscription.start();
      opened.add(subscription);
      return subscription;
    },
    look() {
      for (const subscription of open()) subscription.look();
    },
    lose(why = 'overflow', under) {
      for (const subscription of open()) {
        const { root } = subscription.request;
        if (under === undefined) subscription.lose(why, root);
        else if (under === root || under.startsWith(`${root}/`)) {
          subscription.lose(why, under as AbsPath);
        }
      }
    },
    degrade(error) {
      for (const subscription of open()) subscription.degrade(error);
    },
    end(error) {
      for (const subscription of open()) subscription.end(error);
    },
  };
}
