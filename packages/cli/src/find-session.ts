import type { SessionStore } from '@watchkeeper/session';

import { EXIT } from './exit-codes.ts';
import { CommandFailure } from './failure.ts';

/** How many ids are listed when several match. */
const LISTED = 5;

/**
 * Finds the one session an id or the beginning of one means. Never guesses: several matches are a
 * failure, and so is none.
 */
export async function findSession(
  store: Pick<SessionStore, 'resolve'>,
  idOrPrefix: string,
): Promise<string> {
  const { ids, truncated } = await store.resolve(idOrPrefix);
  if (ids.includes(idOrPrefix)) return idOrPrefix;
  const [only] = ids;
  if (only !== undefined && ids.length === 1 && !truncated) return only;
  const asked = JSON.stringify(idOrPrefix);
  if (only === undefined) {
    throw new CommandFailure(
      EXIT.notFound,
      `no session has the id ${asked}, or one that begins with it`,
      'list them with: watchkeeper session list',
    );
  }
  const more = truncated || ids.length > LISTED ? ' and more' : '';
  const count = truncated ? 'several' : String(ids.length);
  throw new CommandFailure(
    EXIT.usage,
    `${asked} is the beginning of ${count} session ids: ${ids.slice(0, LISTED).join(', ')}${more}`,
    'give more of the id',
  );
}

/** Fails for a session that was deleted. */
export async function requirePresent(
  store: Pick<SessionStore, 'versions'>,
  sessionId: string,
): Promise<void> {
  const version = (await store.versions([sessionId])).get(sessionId);
  if (version?.deleted !== true) return;
  throw new CommandFailure(
    EXIT.gone,
    `the session ${sessionId} was deleted`,
    'list the others with: watchkeeper session list',
  );
}
