export type { BackendConfig, BackendName, BackendRule } from './backend-config.ts';
export { backendConfigSchema } from './backend-config-schema.ts';
export { createWatcher } from './create-watcher.ts';
export type { ConfiguredWatcher } from './configured-watcher.ts';
export { optionsFromEnvironment } from './environment.ts';
export { loadBackend } from './load-backend.ts';
export { sharedWatcher } from './shared-watcher.ts';
