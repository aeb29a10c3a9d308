/** Names of this machine that no other machine can be reached by. */
const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Tells whether only this machine can reach a host: `localhost`, `127.0.0.0/8`, `::1`. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return LOOPBACK_NAMES.includes(name) || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/** A host and a port as they stand in a `Host` header; IPv6 addresses are put in brackets. */
export function authority(host: string, port: number): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host.toLowerCase();
  return `${name}:${port}`;
}

/** The authorities that name a loopback server on a port. */
export function loopbackAuthorities(port: number): readonly string[] {
  return LOOPBACK_NAMES.map((name) => authority(name, port));
}

/**
 * Which `Host` headers are answered: exactly these, or with `null` a loopback name with any port.
 * The list is exact because a page of another name that resolves to this machine is, to a browser,
 * of the same origin as this server.
 */
export type HostPolicy = readonly string[] | null;

/** Tells whether a `Host` header is allowed. A browser leaves out port 80, so a bare name means `:80`. */
export function isAllowedHost(host: string, policy: HostPolicy): boolean {
  const wanted = host.toLowerCase();
  if (policy === null) return isLoopback(wanted.replace(/:\d{1,5}$/, ''));
  return policy.some((entry) => {
    const allowed = entry.toLowerCase();
    return allowed === wanted || allowed === `${wanted}:80`;
  });
}

/** Tells whether an `Origin` header names an allowed host; `null` and other schemes do not. */
export function isAllowedOrigin(origin: string, policy: HostPolicy): boolean {
  const match = /^(https?):\/\/([^/]+)$/.exec(origin);
  if (match === null) return false;
  const [, scheme, host = ''] = match;
  return (
    isAllowedHost(host, policy) || (scheme === 'https' && isAllowedHost(`${host}:443`, policy))
  );
}
