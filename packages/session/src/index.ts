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
