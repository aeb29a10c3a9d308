import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { BackendConfig } from './backend-config.ts';
import { inspectConfig } from './config-inspection.ts';

/**
 * Validates a {@link BackendConfig} as [Standard Schema](https://standardschema.dev) v1, so any
 * configuration tool can take it. Unknown keys are issues: a misspelt one would be ignored silently.
 * The options of `fs`, `poll`, `chokidar` and `native` are validated too, those of another module are not. Whether
 * a named backend is installed is not looked at.
 *
 * @example
 * ```ts
 * import { backendConfigSchema } from '@watchkeeper/backends';
 *
 * const result = await backendConfigSchema['~standard'].validate({ use: 'fs', fallbak: true });
 * console.log(result.issues); // one issue at path ['fallbak']
 * ```
 */
export const backendConfigSchema: StandardSchemaV1<unknown, BackendConfig> = {
  '~standard': {
    version: 1,
    vendor: 'watchkeeper',
    validate: (value) => {
      const issues = inspectConfig(value);
      return issues.length === 0 ? { value: value as BackendConfig } : { issues };
    },
  },
};
