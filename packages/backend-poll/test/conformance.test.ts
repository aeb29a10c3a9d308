import { backendConformance } from '@watchkeeper/conformance';
import { describe, expect, it } from 'vitest';
import { createPollBackend } from '../src/index.ts';

backendConformance({ describe, it, expect }, createPollBackend, {
  module: { specifier: import.meta.resolve('../src/index.ts'), exportName: 'createPollBackend' },
});
