import type { Refusal } from './guard.ts';

/** Headers of every answer. There is no `Access-Control-` header among them, so other origins read nothing. */
const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const API_CSP = "default-src 'none'; frame-ancestors 'none'";

/** What a page may do unless it says otherwise itself: load its own files, talk to its own server. */
const PAGE_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const encoder = new TextEncoder();

/** An answer of the API with JSON in it. */
export function json(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = encoder.encode(JSON.stringify(value));
  return new Response(body, {
    status,
    headers: {
      ...COMMON_HEADERS,
      'content-security-policy': API_CSP,
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(body.byteLength),
      ...headers,
    },
  });
}

/** An answer of the API that says what is wrong. */
export function problem(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return json({ error: { code, message } }, status, headers);
}

/** The answer to a request that the guard refused. */
export function refusal(refused: Refusal): Response {
  const allow: Readonly<Record<string, string>> =
    refused.status === 405 ? { allow: 'GET, HEAD' } : {};
  return problem(refused.status, refused.code, refused.message, allow);
}

/** A stream of server-sent events. */
export function eventStream(body: ReadableStream<Uint8Array> | null): Response {
  return new Response(body, {
    headers: {
      ...COMMON_HEADERS,
      'content-security-policy': API_CSP,
      'cache-control': 'no-store, no-transform',
      'content-type': 'text/event-stream; charset=utf-8',
      // nginx holds back small responses unless it is told not to.
      'x-accel-buffering': 'no',
    },
  });
}

/** An answer of the app, with the headers it lacks. */
export function secured(response: Response): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(COMMON_HEADERS)) headers.set(name, value);
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', PAGE_CSP);
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

/** The same answer without its body. */
export async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  const { status, statusText, headers } = response;
  return new Response(null, { status, statusText, headers });
}
