import { describe, expect, it } from 'vitest';
import { INTERVAL_MS, intervalFor, resolveOptions } from '../src/options.ts';

describe('the options of the poll backend', () => {
  it.each([
    ['an option given beats the wish of a request', { intervalMs: 300 }, 700, 300],
    ['without an option the wish counts', {}, 700, 700],
    ['a wish of 0 is none', {}, 0, INTERVAL_MS],
    ['a wish that is no number is none', {}, Number.NaN, INTERVAL_MS],
    ['a wish below ten milliseconds is raised', {}, 1, 10],
  ])('%s', (_, options, wish, expected) => {
    expect(intervalFor(resolveOptions(options), wish)).toBe(expected);
  });

  it.each([
    ['intervalMs', 9],
    ['maxIntervalMs', Number.NaN],
    ['budget', 0],
    ['budget', 1.5],
    ['sliceMs', -1],
    ['sliceMs', '2'],
  ])('refuses %s = %s by name and value', (name, value) => {
    const options: object = { [name]: value };
    expect(() => resolveOptions(options)).toThrow(
      new RegExp(`createPollBackend: option "${name}" .* got "?${String(value)}"?`),
    );
  });

  it.each([
    [
      { zz: 1 },
      'Options of createPollBackend must be among intervalMs, maxIntervalMs, budget, sliceMs, got "zz"',
    ],
    [null, 'Options of createPollBackend must be an object, got null'],
  ])('refuses %j, which it does not know', (options, message) => {
    expect(() => resolveOptions(options as object)).toThrow(new TypeError(message));
  });
});
