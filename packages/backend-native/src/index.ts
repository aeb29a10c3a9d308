export { createNativeBackend } from './native-backend.ts';
export {
  EXTRA_LIMIT,
  REOPEN_TRIES,
  REOPEN_WINDOW_MS,
  ROOT_CHECK_MS,
  SLICE_MS,
  type NativeBackendOptions,
} from './options.ts';
