import type { Loader } from './loader.ts';
import type { Publisher } from './publisher.ts';
import type { ReloadLoop } from './reload-loop.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { Status } from './status.ts';
import type { SubscriptionRegistry } from './subscription-registry.ts';
import type { Watching } from './watching.ts';

/** Gathers the {@link Status} of a manager from its parts. */
export function statusOf<T, R>(parts: {
  readonly closed: boolean;
  readonly publisher: Publisher<T>;
  readonly loader: Loader<T>;
  readonly loop: ReloadLoop<T, R>;
  readonly watching: Watching;
  readonly sessions: SessionRegistry<T>;
  readonly subscriptions: SubscriptionRegistry<T>;
}): Status {
  const { closed, loader, loop, publisher, sessions, subscriptions, watching } = parts;
  const { health } = publisher;
  const { error, lastAttemptAt, lastSuccessAt } = health;
  const sources = loader.states();
  const generation = publisher.current?.generation ?? 0;
  const rollout = sessions.rollout();
  return {
    state: health.state(closed, generation, sources),
    generation,
    ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
    ...(lastAttemptAt === undefined ? {} : { lastAttemptAt }),
    ...(error === undefined ? {} : { lastError: error }),
    consecutiveFailures: health.consecutiveFailures,
    watch: watching.status(),
    sources,
    subscribers: subscriptions.size,
    sessions: sessions.counts(),
    ...(rollout === undefined ? {} : { rollout }),
    counters: {
      attempts: loop.attempts,
      reads: loader.reads,
      changed: health.changed,
      unchanged: health.unchanged,
      rejected: health.rejected,
      unstable: health.unstable,
      missedHints: loop.missedHints,
      listenerErrors: subscriptions.errors,
      acks: sessions.acks,
      nacks: sessions.nacks,
    },
  };
}
