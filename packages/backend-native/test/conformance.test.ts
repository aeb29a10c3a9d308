import { backendConformance } from '@watchkeeper/conformance';
import { describe, expect, it } from 'vitest';
import { createNativeBackend } from '../src/index.ts';

backendConformance({ describe, it, expect }, createNativeBackend, {
  module: { specifier: import.meta.resolve('../src/index.ts'), exportName: 'createNativeBackend' },
});
