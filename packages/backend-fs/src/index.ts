export { createFsBackend } from './fs-backend.ts';
export { ROOT_CHECK_MS, SLICE_MS, type FsBackendOptions } from './options.ts';
