import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ConfigManager } from './config-manager.ts';
import type { ConfigOptions } from './config-options.ts';
import { LiveConfig } from './live-config.ts';

/**
 * Loads a configuration from its layers and keeps it in step with their files: validated, frozen
 * snapshots; the last good one stays when a file becomes corrupt; every session is told without a storm.
 *
 * Loading begins at once, watching with the first subscription, session or reader of events, unless
 * `watch` says otherwise. A manager does not keep the process alive unless `persistent` asks for it.
 *
 * @throws TypeError for an option that cannot be meant.
 *
 * @example
 * ```ts
 * import { createConfig } from '@watchkeeper/config';
 * import { z } from 'zod';
 *
 * await using config = createConfig({
 *   schema: z.object({ port: z.number().int().max(65_535) }),
 *   layers: [
 *     { kind: 'defaults', value: { port: 8080 } },
 *     { kind: 'file', path: 'app.yaml', required: false },
 *   ],
 * });
 * await config.ready;
 * config.on('port', (port) => console.log('now on', port));
 * ```
 */
export function createConfig<S extends StandardSchemaV1>(
  options: ConfigOptions<S>,
): ConfigManager<StandardSchemaV1.InferOutput<S>> {
  return new LiveConfig<StandardSchemaV1.InferOutput<S>>(options);
}
