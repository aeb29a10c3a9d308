export { createChokidarBackend } from './chokidar-backend.ts';
export {
  CLOSE_GRACE_MS,
  COVERING_AT_ONCE,
  ROOT_CHECK_MS,
  type ChokidarBackendOptions,
} from './options.ts';
