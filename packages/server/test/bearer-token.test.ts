import { describe, expect, it } from 'vitest';

import { BearerToken } from '../src/bearer-token.ts';

const secret = 'correct-horse-battery';
const token = new BearerToken(secret);

describe('a bearer token', () => {
  it.each([`Bearer ${secret}`, `bearer ${secret}`, `BEARER  ${secret}`])(
    'admits %s',
    async (value) => {
      expect(await token.admits(new Headers({ authorization: value }))).toBe(true);
    },
  );

  it.each([
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${secret}x`,
    `Bearer ${secret.slice(0, -1)}`,
    `Bearer ${secret.toUpperCase()}`,
    `Basic ${secret}`,
    secret,
  ])('refuses %j', async (value) => {
    expect(await token.admits(new Headers({ authorization: value }))).toBe(false);
  });

  it('refuses a request without the header', async () => {
    expect(await token.admits(new Headers())).toBe(false);
  });

  it.each(['short', 'with a space in its middle', 'ümlaut-ümlaut-ümlaut', `newline-in-it\n-here`])(
    'cannot be %j',
    (text) => {
      expect(() => new BearerToken(text)).toThrow(/^token: wanted/);
    },
  );
});
