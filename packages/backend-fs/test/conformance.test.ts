import { backendConformance } from '@watchkeeper/conformance';
import { describe, expect, it } from 'vitest';
import { createFsBackend } from '../src/index.ts';

backendConformance({ describe, it, expect }, createFsBackend, {
  module: { specifier: import.meta.resolve('../src/index.ts'), exportName: 'createFsBackend' },
});
