import { backendConformance } from '@watchkeeper/conformance';
import { describe, expect, it } from 'vitest';
import { createOn, majors } from './versions.ts';

describe.each(majors)('on chokidar %d', (major) => {
  backendConformance({ describe, it, expect }, () => createOn(major), {
    relax: {
      'name-with-backslash':
        'chokidar takes a backslash for a separator on every system; such a directory is told as degraded',
    },
  });
});
