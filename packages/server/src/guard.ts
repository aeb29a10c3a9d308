import { type HostPolicy, isAllowedHost, isAllowedOrigin } from './hosts.ts';

/** Why a request is refused before it is looked at. */
export interface Refusal {
  readonly status: 400 | 403 | 405 | 413 | 415 | 421;
  readonly code: string;
  readonly message: string;
}

/** Largest request body in bytes; nothing this server takes comes near it. */
export const MAX_BODY_BYTES: number = 1024 * 1024;

/** What the guard looks at. */
export interface GuardedRequest {
  readonly method: string;
  /** The `Host` header, or what stands for it. */
  readonly host: string;
  readonly headers: Headers;
  /** Part of the API, not of the app's own page. */
  readonly api: boolean;
}

/** Decides whether a request may be looked at; `null` lets it pass. The order of the checks is part of the contract. */
export function refuse(request: GuardedRequest, policy: HostPolicy): Refusal | null {
  if (!isAllowedHost(request.host, policy)) return MISDIRECTED;
  return refuseForeign(request, policy) ?? refuseWrite(request);
}

/** The answer to a `Host` header that is missing, doubled, or not on the list. */
export const MISDIRECTED: Refusal = {
  status: 421,
  code: 'misdirected',
  message:
    'This server does not answer under the host name of this request. ' +
    'Use the address it printed at its start, or add the name to its list of hosts.',
};

function refuseForeign(request: GuardedRequest, policy: HostPolicy): Refusal | null {
  const origin = request.headers.get('origin');
  if (origin !== null && !isAllowedOrigin(origin, policy)) return FOREIGN;
  const site = request.headers.get('sec-fetch-site');
  if (site === null || site === 'same-origin' || site === 'none') return null;
  return isNavigation(request) ? null : FOREIGN;
}

/** Following a link to the app's page shows it to the user and nothing to the page that has the link. */
function isNavigation(request: GuardedRequest): boolean {
  return (
    !request.api &&
    request.method === 'GET' &&
    request.headers.get('sec-fetch-mode') === 'navigate' &&
    request.headers.get('sec-fetch-dest') === 'document'
  );
}

const FOREIGN: Refusal = {
  status: 403,
  code: 'foreign-origin',
  message: 'Pages of other origins may not use this server.',
};

/** A form of another site can send neither JSON nor anything else that asks for leave first. */
function refuseWrite(request: GuardedRequest): Refusal | null {
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (request.method !== 'OPTIONS' && type !== 'application/json') return NOT_JSON;
  if (request.api) return NOT_ALLOWED;
  return null;
}

const NOT_JSON: Refusal = {
  status: 415,
  code: 'unsupported-media-type',
  message: 'Only application/json is taken.',
};

const NOT_ALLOWED: Refusal = {
  status: 405,
  code: 'method-not-allowed',
  message: 'Only GET and HEAD are answered here.',
};

/** The answer to a body that is too large. */
export const TOO_LARGE: Refusal = {
  status: 413,
  code: 'too-large',
  message: `A request may have at most ${MAX_BODY_BYTES} bytes.`,
};
