export { TOKEN_MIN_LENGTH } from './bearer-token.ts';
export { formatCursor, parseCursor, SEQ_ALL } from './cursor.ts';
export type { ResetReason, StartPoint } from './cursor.ts';
export { isServerError, ServerError } from './errors.ts';
export type { ServerErrorCode, ServerErrorInit } from './errors.ts';
export { MAX_BODY_BYTES } from './guard.ts';
export type { HandlerOptions, HandlerStore } from './handler-options.ts';
export { createHandler } from './handler.ts';
export type { SessionHandler } from './handler.ts';
export type { MonitorSource } from './monitor-source.ts';
export { STALL_TIMEOUT_MS } from './node-response.ts';
export { FRAME_MAX_BYTES, FRAME_MAX_ITEMS } from './packing.ts';
export type { FrameLimit } from './packing.ts';
export { PAGE_DEFAULT_LIMIT, PAGE_MAX_BYTES, PAGE_MAX_LIMIT } from './pages.ts';
export { PROTOCOL_VERSION } from './protocol.ts';
export type {
  ByeData,
  CutItem,
  GoneData,
  HeartbeatData,
  HelloData,
  LagData,
  MessagesData,
  PendingData,
  ResetData,
  SessionsChangedData,
  StreamEventName,
  StreamEvents,
  StreamFrame,
  StreamMode,
  UpdatedData,
  WireItem,
} from './protocol.ts';
export { CLOSE_DEADLINE_MS, HEAD_TIMEOUT_MS, serve } from './serve.ts';
export type { RunningServer, ServeOptions } from './serve.ts';
export { KEEPALIVE_MS, RETRY_MIN_MS, RETRY_SPREAD_MS } from './stream-body.ts';
export { BYE_GRACE_MS, MAX_STREAM_AGE_MS, MAX_STREAMS } from './stream-registry.ts';
export { HEARTBEAT_MS, watchFrames } from './watch-frames.ts';
export type { WatchFramesOptions } from './watch-frames.ts';
