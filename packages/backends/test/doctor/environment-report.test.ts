import { describe, expect, it } from 'vitest';
import { reportEnvironment } from '../../src/doctor/environment-report.ts';

describe('reportEnvironment', () => {
  it('says nothing of variables that are unset or empty', () => {
    const { variables, effective } = reportEnvironment({ use: 'fs' }, { WATCHKEEPER_BACKEND: ' ' });
    expect(variables).toEqual([]);
    expect(effective.config).toEqual({ use: 'fs' });
  });

  it('applies its own, and names those of others', () => {
    const environment = {
      WATCHKEEPER_BACKEND: 'poll',
      WATCHKEEPER_POLL_INTERVAL_MS: '50',
      CHOKIDAR_USEPOLLING: '1',
    };
    const { variables, effective } = reportEnvironment({}, environment);
    expect(variables.map(({ name, status }) => [name, status])).toEqual([
      ['WATCHKEEPER_BACKEND', 'applied'],
      ['WATCHKEEPER_POLL_INTERVAL_MS', 'applied'],
      ['CHOKIDAR_USEPOLLING', 'foreign'],
    ]);
    expect(effective.config).toMatchObject({
      use: ['poll'],
      options: { poll: { intervalMs: 50 } },
    });
  });

  it('leaves a wrong interval out, says why, and applies the rest', () => {
    const environment = { WATCHKEEPER_BACKEND: 'poll', WATCHKEEPER_POLL_INTERVAL_MS: 'soon' };
    const { variables, effective } = reportEnvironment({}, environment);
    expect(variables).toMatchObject([
      { status: 'applied' },
      { status: 'invalid', because: expect.stringContaining('got "soon"') },
    ]);
    expect(effective.config).toEqual({ use: ['poll'], rules: [] });
  });
});
