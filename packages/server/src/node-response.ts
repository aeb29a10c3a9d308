import type { ServerResponse } from 'node:http';

import type { Clock } from '@watchkeeper/core';

/** A client that takes nothing for this long is cut, in milliseconds; it resumes by its last id. */
export const STALL_TIMEOUT_MS = 30_000;

/**
 * Sends a web-standard response. The next piece of the body is asked for only when the one before
 * has left this process, so a slow client never makes memory grow. Never rejects: a client that went
 * away or stalls is cut, a body that fails ends the connection.
 */
export async function sendResponse(
  response: Response,
  target: ServerResponse,
  clock: Clock,
): Promise<void> {
  target.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) {
    target.end();
    return;
  }
  target.flushHeaders();
  const reader = response.body.getReader();
  const onClose = (): void => void reader.cancel().catch(ignoreTornDown);
  target.once('close', onClose);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || target.destroyed) break;
      if (!target.write(value) && !(await drained(target, clock))) break;
    }
    target.end();
  } catch {
    // The body failed after its head was sent: cutting the connection is the only way left to tell.
    target.destroy();
  }
}

/** The body was ended together with its connection: how it takes that concerns nobody any more. */
function ignoreTornDown(): void {}

/** Waits until a response can take more; cuts it and resolves with false when it cannot for too long. */
async function drained(target: ServerResponse, clock: Clock): Promise<boolean> {
  if (target.destroyed) return false;
  return new Promise<boolean>((resolve) => {
    const settle = (open: boolean): void => {
      timer.cancel();
      target.off('drain', onDrain);
      target.off('close', onClose);
      resolve(open);
    };
    const onDrain = (): void => settle(true);
    const onClose = (): void => settle(false);
    const timer = clock.setTimeout(() => {
      target.destroy();
      settle(false);
    }, STALL_TIMEOUT_MS);
    timer.unref();
    target.once('drain', onDrain);
    target.once('close', onClose);
  });
}
