import { describe, expect, it } from 'vitest';

import { parseRoute } from '../src/route.ts';

describe('a path', () => {
  it.each([
    ['/api/v1/health', { name: 'health' }],
    ['/api/v1/sessions', { name: 'sessions' }],
    ['/api/v1/events', { name: 'events' }],
    ['/api/v1/sessions/abc', { name: 'session', id: 'abc' }],
    ['/api/v1/sessions/a%20b%C3%A9', { name: 'session', id: 'a bé' }],
    ['/api/v1/sessions/abc/messages', { name: 'messages', id: 'abc' }],
    ['/api/v1/sessions/abc/messages/12', { name: 'message', id: 'abc', seq: 12 }],
    ['/api/v1/sessions/abc/watch', { name: 'watch', id: 'abc' }],
    ['/api/v1/sessions/__proto__', { name: 'session', id: '__proto__' }],
    ['/api/v1/sessions/%252e%252e%252f', { name: 'session', id: '%2e%2e%2f' }],
    ['/', { name: 'page' }],
    ['/index.html', { name: 'page' }],
    ['/apiary', { name: 'page' }],
  ])('%s asks for %j', (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });

  it.each([
    '/api',
    '/api/v2/health',
    '/api/v1/constructor',
    '/api/v1/health/',
    '/api/v1/sessions/abc/messages/-1',
    '/api/v1/sessions/abc/messages/1e3',
    '/api/v1/sessions/abc/watch/more',
    '/api/v1/sessions/abc/export',
    '/api/v1/events/abc',
    '/api/v1/sessions/abc/messages/1/2',
  ])('%s is no route', (path) => {
    expect(parseRoute(path)).toEqual({ name: 'unknown' });
  });

  it.each([
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e%2f',
    '..',
    '.',
    '..%5c',
    'a%00b',
    'a%0ab',
    '%ff',
    '%',
    '%2fetc%2fpasswd',
    'x'.repeat(65_536),
    '',
  ])('an id such as %.40s cannot be one', (id) => {
    expect(parseRoute(`/api/v1/sessions/${id}`)).toEqual({ name: 'bad-id' });
  });
});
