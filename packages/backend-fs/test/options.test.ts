import { describe, expect, it } from 'vitest';
import { ROOT_CHECK_MS, SLICE_MS, resolveOptions } from '../src/options.ts';

describe('the options of the fs backend', () => {
  it('fills in what is left out', () => {
    expect(resolveOptions({})).toEqual({ rootCheckMs: ROOT_CHECK_MS, sliceMs: SLICE_MS });
    expect(resolveOptions({ rootCheckMs: 50 }).rootCheckMs).toBe(50);
  });

  it.each([
    ['rootCheckMs', 49],
    ['rootCheckMs', Number.NaN],
    ['rootCheckMs', Infinity],
    ['sliceMs', 0],
    ['sliceMs', '4'],
  ])('refuses %s = %s by name and value', (name, value) => {
    const options: object = { [name]: value };
    expect(() => resolveOptions(options)).toThrow(
      new RegExp(`createFsBackend: option "${name}" .* got "?${String(value)}"?`),
    );
  });

  it.each([
    [{ zz: 1 }, 'Options of createFsBackend must be among rootCheckMs, sliceMs, got "zz"'],
    [null, 'Options of createFsBackend must be an object, got null'],
  ])('refuses %j, which it does not know', (options, message) => {
    expect(() => resolveOptions(options as object)).toThrow(new TypeError(message));
  });
});
