import { ServerError, type ServerErrorCode } from './errors.ts';

/** What the system's refusals to listen mean, and what helps. */
const REFUSALS: Readonly<
  Record<string, { readonly code: ServerErrorCode; readonly what: string; readonly remedy: string }>
> = {
  EADDRINUSE: {
    code: 'ERR_SERVER_PORT_IN_USE',
    what: 'another process listens there',
    remedy: 'choose another port (0 takes any free one) or stop that process',
  },
  EACCES: {
    code: 'ERR_SERVER_PERMISSION',
    what: 'this user may not listen there',
    remedy: 'choose a port above 1023',
  },
  EADDRNOTAVAIL: {
    code: 'ERR_SERVER_ADDRESS',
    what: 'it is not an address of this machine',
    remedy: 'use 127.0.0.1, or an address of one of its network interfaces',
  },
  ENOTFOUND: {
    code: 'ERR_SERVER_ADDRESS',
    what: 'the name does not resolve',
    remedy: 'use 127.0.0.1, or an address of one of its network interfaces',
  },
};

/** What `listen` failing means. */
export function listenError(error: Error, host: string, port: number): ServerError {
  const errno = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = REFUSALS[errno];
  return new ServerError(`cannot listen on ${host} port ${port}: ${known?.what ?? error.message}`, {
    code: known?.code ?? 'ERR_SERVER_LISTEN',
    host,
    port,
    remedy: known?.remedy ?? 'try another host or port',
    cause: error,
  });
}

/** A host that other machines can reach was asked for without a token. */
export function exposedError(host: string, port: number): ServerError {
  return new ServerError(`refused to listen on ${host}: other machines could read every session`, {
    code: 'ERR_SERVER_EXPOSED',
    host,
    port,
    remedy: 'set a token, or listen on 127.0.0.1',
  });
}
