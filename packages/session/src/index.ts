export { formatChangeCursor, parseChangeCursor } from './change-cursor.ts';
export type {
  GoneEvent,
  HeartbeatEvent,
  LagEvent,
  ListEvent,
  MonitorEvent,
  PendingEvent,
  TickCause,
  TickEvent,
} from './monitor-event.ts';
export {
  HEARTBEAT_TICKS,
  HINT_COALESCE_MS,
  LIST_LEADING_MS,
  LIST_TRAILING_MS,
  POLL_INTERVAL_MS,
  STORE_RETRY_MAX_MS,
  SYNC_FALLBACK_DEADLINE_MS,
  SYNC_FALLBACK_DELAY_MS,
  SYNC_FALLBACK_MAX_MS,
} from './monitor-options.ts';
export type { FallbackSync, MonitorOptions, MonitorWatchOptions } from './monitor-options.ts';
export { createSessionMonitor } from './session-monitor.ts';
export type { MonitorStats, SessionMonitor } from './session-monitor.ts';
export { createSessionSync } from './session-sync.ts';
export type { SessionSync, SyncStats } from './session-sync.ts';
export { statMtime } from './source-stat.ts';
export type { SourceStat } from './source-stat.ts';
export { BUSY_TIMEOUT_MS } from './sqlite-connection.ts';
export { createSqliteStore } from './sqlite-store.ts';
export type { SqliteStoreOptions } from './sqlite-store.ts';
export type {
  ApplyResult,
  ChangeCursor,
  ChangeItem,
  ChangePage,
  DelItem,
  IngestBatch,
  IngestItem,
  Page,
  PageRequest,
  PutItem,
  SessionFilter,
  SessionRow,
  SessionStore,
  SessionVersion,
  SourceStamp,
  SourceState,
  StoredSource,
  StoreHint,
} from './store.ts';
export { isStoreError, StoreError } from './store-error.ts';
export type { StoreErrorCode, StoreErrorInit } from './store-error.ts';
export type { SessionSyncOptions, SyncProblem } from './sync-options.ts';
export { isSessionFileError, SessionFileError } from './watch-error.ts';
export type { SessionFileErrorCode, WatchError, WatchErrorCode } from './watch-error.ts';
export type { WatchBatch, WatchHandle, WatchOptions } from './watch-options.ts';
export { stopAll, stopWatching, watchSession } from './watch-session.ts';
