import { describe, expect, it } from 'vitest';

import { refuse } from '../src/guard.ts';

const policy = ['localhost:4700'];

interface Case {
  readonly what: string;
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly api?: boolean;
  readonly status: number | null;
}

const navigation = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};
const jsonBody = { 'content-type': 'application/json; charset=utf-8' };

const cases: readonly Case[] = [
  { what: 'a plain read', status: null },
  { what: 'a read of the own page', headers: { 'sec-fetch-site': 'same-origin' }, status: null },
  { what: 'an address typed by the user', headers: { 'sec-fetch-site': 'none' }, status: null },
  { what: 'its own origin', headers: { origin: 'http://localhost:4700' }, status: null },
  { what: 'another host', host: 'evil.example', status: 421 },
  { what: 'another host before its origin', host: 'x', headers: { origin: 'null' }, status: 421 },
  { what: 'another origin', headers: { origin: 'http://evil.example' }, status: 403 },
  { what: 'an opaque origin', headers: { origin: 'null' }, status: 403 },
  { what: 'another site', headers: { 'sec-fetch-site': 'cross-site' }, status: 403 },
  { what: 'another port of this machine', headers: { 'sec-fetch-site': 'same-site' }, status: 403 },
  { what: 'another port by its origin', headers: { origin: 'http://localhost:3000' }, status: 403 },
  { what: 'a link to the page', headers: navigation, api: false, status: null },
  { what: 'a link to the API', headers: navigation, status: 403 },
  {
    what: 'a frame of another site',
    headers: { ...navigation, 'sec-fetch-dest': 'iframe' },
    api: false,
    status: 403,
  },
  {
    what: 'a form of another site',
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    status: 415,
  },
  { what: 'a post without a type', method: 'POST', status: 415 },
  {
    what: 'a form for the app',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    api: false,
    status: 415,
  },
  { what: 'a post to the API', method: 'POST', headers: jsonBody, status: 405 },
  { what: 'a preflight', method: 'OPTIONS', status: 405 },
  {
    what: 'a preflight of another site',
    method: 'OPTIONS',
    headers: { origin: 'http://evil.example' },
    status: 403,
  },
  { what: 'a post to the app', method: 'POST', headers: jsonBody, api: false, status: null },
  {
    what: 'a post of another site to the app',
    method: 'POST',
    headers: { ...jsonBody, 'sec-fetch-site': 'cross-site' },
    api: false,
    status: 403,
  },
];

describe('the guard', () => {
  it.each(cases)('answers $what with $status', ({ status, ...facts }) => {
    const { method = 'GET', host = 'localhost:4700', api = true } = facts;
    const refused = refuse({ method, host, headers: new Headers(facts.headers), api }, policy);
    expect(refused?.status ?? null).toBe(status);
  });
});
