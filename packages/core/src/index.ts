export type {
  Capabilities,
  LossReason,
  OpenRequest,
  Probe,
  Scope,
  ScopeSupport,
  Sink,
  Subscription,
  Touch,
  WatchBackend,
} from './backend.ts';
export type { Change, ChangeBatch, ChangeKind, ChangeOrigin } from './change.ts';
export { systemClock } from './clock.ts';
export type { Clock, Timer } from './clock.ts';
export type { AbsPath, EntryStat, EntryType } from './entry.ts';
export { isWatchError, WatchError } from './errors.ts';
export type { WatchErrorCode, WatchErrorEffect, WatchErrorInit } from './errors.ts';
export { PathWatcher } from './path-watcher.ts';
export { answersAtOnce, detectPlace } from './place.ts';
export type { Place } from './place.ts';
export type { Watch, WatchEvents, WatchOptions, WatchState } from './watch.ts';
export type {
  BackendChoice,
  BackendSelection,
  ChooseBackends,
  Explanation,
  PathWatcherOptions,
  RejectedBackend,
  WatcherStats,
} from './watcher-options.ts';
