import { backendConformance } from '@watchkeeper/conformance';
import { describe, expect, it } from 'vitest';
import { createNativeBackend } from '../src/index.ts';

backendConformance({ describe, it, expect }, createNativeBackend, {
  module: { specifier: import.meta.resolve('../src/index.ts'), exportName: 'createNativeBackend' },
  relax: {
    'worker-terminate':
      '@parcel/watcher may abort the process when a thread ends with a watch open (parcel-bundler/watcher issue 264)',
  },
});
