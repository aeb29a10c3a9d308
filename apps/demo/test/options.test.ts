import { describe, expect, it } from 'vitest';

import { parseOptions } from '../src/options.ts';

describe('the demo’s options', () => {
  it('follow this user’s transcripts with simulated agents on a free port by default', () => {
    expect(parseOptions([])).toEqual({ port: null, roots: [], simulate: true, speed: 1 });
  });

  it('are read after the `--` that a package manager hands through', () => {
    expect(
      parseOptions(['--', '--no-simulate', '--port', '8080', '--root', 'a', '--root', 'b']),
    ).toEqual({ port: 8080, roots: ['a', 'b'], simulate: false, speed: 1 });
  });

  it.each([['--help'], ['-h']])('give help on %s', (option) => {
    expect(parseOptions([option])).toBe('help');
  });

  it.each([
    [['--port', 'abc'], '--port takes a number from 0 to 65535, not "abc"'],
    [['--port', '1.5'], '--port takes a whole number, not "1.5"'],
    [['--port', '65536'], '--port takes a number from 0 to 65535, not "65536"'],
    [['--port', ''], '--port takes a number from 0 to 65535, not ""'],
    [['--speed', '0'], '--speed takes a number from 0.1 to 100, not "0"'],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuse %j by name', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
