import type { IncomingMessage } from 'node:http';

import { MAX_BODY_BYTES, type Refusal, TOO_LARGE } from './guard.ts';

/** The `Host` header of a message, or `null` when there is not exactly one. */
export function hostHeader(message: IncomingMessage): string | null {
  const hosts = message.headersDistinct['host'] ?? [];
  const [host] = hosts;
  return hosts.length === 1 && host !== undefined && host !== '' ? host : null;
}

/** Why a message cannot be carried on. */
export const BAD_TARGET: Refusal = {
  status: 400,
  code: 'bad-target',
  message: 'The request target is not a path.',
};

/**
 * Turns a message of `node:http` into a web-standard request. The URL's base is the server's own
 * address, never what the client calls it. Rejects when the client leaves before its body is here.
 */
export async function toRequest(
  message: IncomingMessage,
  origin: string,
  signal: AbortSignal,
): Promise<Request | Refusal> {
  const { method = 'GET', url: target = '' } = message;
  const url = `${origin}${target}`;
  // `TRACE` and `CONNECT` cannot be web requests at all.
  if (method === 'TRACE' || method === 'CONNECT') return BAD_TARGET;
  if (!target.startsWith('/') || !URL.canParse(url)) return BAD_TARGET;
  const init = { method, headers: toHeaders(message), signal };
  if (method === 'GET' || method === 'HEAD') return new Request(url, init);
  const body = await readBody(message);
  return body === null ? TOO_LARGE : new Request(url, { ...init, body });
}

async function readBody(message: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function toHeaders(message: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}
