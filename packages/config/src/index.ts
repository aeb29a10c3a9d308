export type { ConfigFs, Fingerprint } from './config-fs.ts';
export type { ConfigManager, ReloadOptions, ReloadResult } from './config-manager.ts';
export type { ConfigOptions } from './config-options.ts';
export { createConfig } from './create-config.ts';
export { DEFAULT_MAX_BYTES } from './decode.ts';
export { ConfigError, isConfigError } from './errors.ts';
export type { ConfigErrorCode, ConfigErrorInit, Issue, Position } from './errors.ts';
export { DEFAULT_EVENT_BUFFER } from './event-hub.ts';
export type { ConfigEvent, Rollout } from './event.ts';
export {
  DEFAULT_ACK_TIMEOUT_MS,
  DEFAULT_CONCURRENCY,
  DEFAULT_IMMEDIATE_UP_TO,
  DEFAULT_RETRY,
  DEFAULT_WINDOW_MS,
  SPREAD_PER_SESSION_MS,
} from './fanout.ts';
export type { Fanout, FanoutOptions, Retry } from './fanout.ts';
export type { DeepReadonly, Depth, KeyPath, Leaf, PathValue } from './key-path.ts';
export type { DefaultsLayer, FileLayer, FlagsLayer, Format, Guard, Layer } from './layer.ts';
export type { ApplyContext, Session, SessionOptions } from './session.ts';
export type { Change, ChangeOp, Reason, Snapshot, SourceState } from './snapshot.ts';
export type { Counters, SessionCounts, Status } from './status.ts';
export type { SubscribeOptions, Subscription } from './subscription.ts';
export {
  DEFAULT_LINGER_MS,
  DEFAULT_MAX_WAIT_MS,
  DEFAULT_MIN_INTERVAL_MS,
  DEFAULT_MISSING_GRACE_MS,
  DEFAULT_RECONCILE_MS,
  DEFAULT_SETTLE_MS,
  DEFAULT_STABLE_FOR_MS,
  DEFAULT_SUSPECT_MS,
  DEFAULT_UNSTABLE_LIMIT_MS,
} from './timing.ts';
export type { Timing } from './timing.ts';
export type { WatchStatus } from './watching.ts';
