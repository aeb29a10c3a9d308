import { afterEach, describe, expect, it, vi } from 'vitest';

import { openWatcher } from '../src/watcher.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the watcher of a command', () => {
  it('refuses a wrong poll interval of the environment, also for a backend that is named', async () => {
    vi.stubEnv('WATCHKEEPER_POLL_INTERVAL_MS', 'often');
    await expect(openWatcher({ backends: ['poll'] })).rejects.toThrow(
      'WATCHKEEPER_POLL_INTERVAL_MS',
    );
  });

  it('uses the named backend, whatever the environment names', async () => {
    vi.stubEnv('WATCHKEEPER_BACKEND', 'fs');
    vi.stubEnv('WATCHKEEPER_POLL_INTERVAL_MS', '500');
    await using watcher = await openWatcher({ backends: ['poll'] });
    expect((await watcher.explain('.')).chosen).toBe('poll');
  });
});
