export { createManualBackend } from './testing/manual-backend.ts';
export type {
  ManualBackend,
  ManualBackendOptions,
  ManualSubscription,
  TouchDetails,
} from './testing/manual-backend.ts';
export { createManualClock } from './testing/manual-clock.ts';
export type { ManualClock, ManualClockOptions } from './testing/manual-clock.ts';
export { createOpenRequest } from './testing/open-request.ts';
export type { RequestWish } from './testing/open-request.ts';
