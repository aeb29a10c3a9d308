import { connect, type Socket } from 'node:net';

/** A client that sends exactly the bytes it is told to, and reads only when it is told to. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  #text = '';

  constructor(port: number, head: readonly string[]) {
    this.socket = connect({ port, host: '127.0.0.1' });
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => resolve());
    });
    // A server that cuts the connection is what some tests are about.
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk) => {
      this.#text += chunk.toString('latin1');
    });
    this.socket.write(`${head.join('\r\n')}\r\n\r\n`);
  }

  /** What was read so far. */
  get text(): string {
    return this.#text;
  }

  /** The status code of the answer, or 0 before it came. */
  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.#text)?.[1] ?? 0);
  }
}

/** The status code a server answers to a request's head. */
export async function statusOf(port: number, head: readonly string[]): Promise<number> {
  const client = new RawClient(port, [...head, 'Connection: close']);
  await client.closed;
  return client.status;
}
