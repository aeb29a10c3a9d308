export {
  BUDGET,
  INTERVAL_MS,
  MAX_INTERVAL_MS,
  SLICE_MS,
  type PollBackendOptions,
} from './options.ts';
export { createPollBackend } from './poll-backend.ts';
