import { describe, expect, it } from 'vitest';
import { applyEnvironment, optionsFromEnvironment } from '../src/environment.ts';

describe('WATCHKEEPER_POLL_INTERVAL_MS', () => {
  it('sets the interval and leaves other options alone', () => {
    const options = { poll: { intervalMs: 9, budget: 0.5 }, fs: { sliceMs: 8 } };
    const { config } = applyEnvironment({ options }, { WATCHKEEPER_POLL_INTERVAL_MS: '250' });
    expect(config.options).toEqual({ poll: { intervalMs: 250, budget: 0.5 }, fs: { sliceMs: 8 } });
  });

  it('counts as unset when it is empty', () => {
    const options = { poll: { intervalMs: 9 } };
    const { config } = applyEnvironment({ options }, { WATCHKEEPER_POLL_INTERVAL_MS: ' ' });
    expect(config.options).toEqual(options);
  });

  it.each(['fast', '0', '-5', '9', 'Infinity', '1s'])('refuses %j, naming the variable', (text) => {
    expect(() => applyEnvironment({}, { WATCHKEEPER_POLL_INTERVAL_MS: text })).toThrow(
      new TypeError(
        `WATCHKEEPER_POLL_INTERVAL_MS: wanted a number of milliseconds from 10, got "${text}"`,
      ),
    );
  });
});

describe('the options of one backend in the environment', () => {
  const environment = { WATCHKEEPER_POLL_INTERVAL_MS: '250' };

  it('are those of poll, and none of another', () => {
    expect(optionsFromEnvironment('poll', environment)).toEqual({ intervalMs: 250 });
    expect(optionsFromEnvironment('fs', environment)).toBeUndefined();
    expect(optionsFromEnvironment('poll', {})).toBeUndefined();
  });
});
