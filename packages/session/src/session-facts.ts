import type { ParsedMessage } from '@watchkeeper/transcript';

/** Longest title taken from a prompt, in UTF-16 units: one line of a list. */
export const MAX_TITLE_CHARS = 120;

const NS_PER_MS = 1_000_000n;

/** How good a title is: a better one replaces a worse one. */
const TITLE_RANK = { none: 0, prompt: 1, generated: 2, custom: 3 } as const;

/** Records of agents that carry a title, with the rank of what they say. */
const TITLE_FIELDS: ReadonlyMap<string, number> = new Map([
  ['custom-title', TITLE_RANK.custom],
  ['ai-title', TITLE_RANK.generated],
  ['summary', TITLE_RANK.generated],
  ['thread-name', TITLE_RANK.generated],
  ['title', TITLE_RANK.generated],
]);

/** What a list shows of a session, gathered from its messages. */
export interface SessionFacts {
  /** Working directory of the first record that tells one, or `null`. */
  readonly cwd: string | null;
  /** Title, or `null`. */
  readonly title: string | null;
  /** Where the title came from: 0 none, 1 first prompt, 2 the agent, 3 the user. */
  readonly titleRank: number;
  /** Earliest time of a record, in milliseconds since the epoch, or `null`. */
  readonly startedMs: number | null;
  /** Latest time of a record, in milliseconds since the epoch, or `null`. */
  readonly updatedMs: number | null;
}

/** The facts of a session without messages. */
export const NO_FACTS: SessionFacts = {
  cwd: null,
  title: null,
  titleRank: TITLE_RANK.none,
  startedMs: null,
  updatedMs: null,
};

/**
 * When a session was active last, in milliseconds since the epoch, for lists: the time of its newest
 * record, else that of its transcript, else what was known before. 0 when nothing tells.
 *
 * @param mtimeNs - the transcript's modification time in nanoseconds; `0` while it is not settled
 * @param before - what was known before
 */
export function listedMs(facts: SessionFacts, mtimeNs: string, before: number): number {
  if (facts.updatedMs !== null) return facts.updatedMs;
  const changedMs = Number(BigInt(mtimeNs) / NS_PER_MS);
  return changedMs > 0 ? changedMs : before;
}

/** The first line with words in it, cut to what a list can show. */
function oneLine(text: string): string | null {
  const line = text.split('\n').find((part) => part.trim() !== '');
  if (line === undefined) return null;
  const words = line.trim().replaceAll(/\s+/gu, ' ');
  const chars = Array.from(words);
  return chars.length > MAX_TITLE_CHARS
    ? `${chars.slice(0, MAX_TITLE_CHARS - 1).join('')}…`
    : words;
}

function titleOf(message: ParsedMessage): { readonly text: string; readonly rank: number } | null {
  if (message.kind === 'session-meta' && message.value !== null) {
    const rank = TITLE_FIELDS.get(message.field);
    const text = rank === undefined ? null : oneLine(message.value);
    return rank === undefined || text === null ? null : { text, rank };
  }
  if (message.kind !== 'user-prompt' || message.isMeta) return null;
  if (message.origin === 'system' || message.origin === 'compact-summary') return null;
  const text = oneLine(message.text.slice(0, 10 * MAX_TITLE_CHARS));
  return text === null ? null : { text, rank: TITLE_RANK.prompt };
}

/**
 * The facts of a session after more messages. The first prompt names it until the agent or the user
 * does; of two titles of equal rank the newer one counts, except that the first prompt stays.
 */
export function gatherFacts(known: SessionFacts, messages: Iterable<ParsedMessage>): SessionFacts {
  let { cwd, title, titleRank, startedMs, updatedMs } = known;
  for (const message of messages) {
    cwd ??= message.cwd;
    const named = titleOf(message);
    if (
      named !== null &&
      (named.rank > titleRank || (named.rank === titleRank && named.rank !== TITLE_RANK.prompt))
    ) {
      title = named.text;
      titleRank = named.rank;
    }
    const at = message.timestamp === null ? Number.NaN : Date.parse(message.timestamp);
    if (Number.isNaN(at)) continue;
    startedMs = startedMs === null ? at : Math.min(startedMs, at);
    updatedMs = updatedMs === null ? at : Math.max(updatedMs, at);
  }
  return { cwd, title, titleRank, startedMs, updatedMs };
}
