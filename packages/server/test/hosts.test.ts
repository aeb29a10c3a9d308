import { describe, expect, it } from 'vitest';

import {
  authority,
  isAllowedHost,
  isAllowedOrigin,
  isLoopback,
  loopbackAuthorities,
} from '../src/hosts.ts';

const list = loopbackAuthorities(4700);

describe('the Host allow-list', () => {
  it.each(['127.0.0.1:4700', 'localhost:4700', 'LocalHost:4700', '[::1]:4700'])(
    'lets %s in',
    (host) => {
      expect(isAllowedHost(host, list)).toBe(true);
    },
  );

  it.each([
    'evil.example',
    'evil.example:4700',
    'localhost.evil.example:4700',
    'evil.example:4700@localhost:4700',
    '127.0.0.1:1',
    '127.0.0.1',
    'localhost',
    'localhost.:4700',
    '127.0.0.2:4700',
    '127.1:4700',
    '2130706433:4700',
    '[::ffff:127.0.0.1]:4700',
    '',
    ' localhost:4700',
  ])('keeps %j out', (host) => {
    expect(isAllowedHost(host, list)).toBe(false);
  });

  it('takes a bare name for port 80', () => {
    expect(isAllowedHost('localhost', loopbackAuthorities(80))).toBe(true);
  });

  it.each([
    ['localhost', true],
    ['127.0.0.1:9', true],
    ['[::1]:9', true],
    ['evil.example', false],
    ['evil.example:80', false],
    ['localhost.evil.example', false],
  ])('without a list, %s is let in: %s', (host, allowed) => {
    expect(isAllowedHost(host, null)).toBe(allowed);
  });
});

describe('an Origin', () => {
  it.each([
    ['http://localhost:4700', true],
    ['https://127.0.0.1:4700', true],
    ['null', false],
    ['http://evil.example', false],
    ['http://localhost:3000', false],
    ['file://', false],
    ['chrome-extension://abc', false],
    ['http://localhost:4700/path', false],
  ])('%s is allowed: %s', (origin, allowed) => {
    expect(isAllowedOrigin(origin, list)).toBe(allowed);
  });

  it('without a port is that of its scheme', () => {
    expect(isAllowedOrigin('https://watch.example', ['watch.example:443'])).toBe(true);
    expect(isAllowedOrigin('http://watch.example', ['watch.example:443'])).toBe(false);
    expect(isAllowedOrigin('http://watch.example', ['watch.example:80'])).toBe(true);
  });
});

it.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['[::1]', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.5', false],
  ['127.0.0.1.evil.example', false],
  ['example.org', false],
])('%s is loopback: %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});

it('writes IPv6 addresses in brackets', () => {
  expect(authority('::1', 80)).toBe('[::1]:80');
  expect(authority('LOCALHOST', 80)).toBe('localhost:80');
});
