import type { TailCursor } from '@watchkeeper/tailer';
import type { UserPromptMessage } from '@watchkeeper/transcript';

import type { IngestBatch, IngestItem } from '../store.ts';

/** What {@link promptMessage} may be told; the rest is filled in. */
export type PromptFacts = Partial<UserPromptMessage>;

/** A prompt at a line, as a parser would give it. */
export function promptMessage(
  lineIndex: number,
  text: string,
  facts: PromptFacts = {},
): UserPromptMessage {
  return {
    kind: 'user-prompt',
    lineIndex,
    byteRange: { start: lineIndex * 100, end: lineIndex * 100 + 100 },
    subIndex: 0,
    partIndex: 0,
    uuid: null,
    parentUuid: null,
    sessionId: null,
    timestamp: null,
    isSidechain: false,
    agentId: null,
    cwd: null,
    gitBranch: null,
    cliVersion: null,
    text,
    blocks: [],
    isMeta: false,
    origin: 'typed',
    ...facts,
  };
}

/** A cursor after `lines` lines of 100 bytes. */
export function cursorAt(lines: number, generation: number = 0): TailCursor {
  return {
    v: 1,
    generation,
    dev: '1',
    ino: '2',
    birthtimeNs: '3',
    offset: lines * 100,
    lineIndex: lines,
    marker: { bytes: 0, hash: '' },
  };
}

/** Prompts of consecutive lines, keyed `k<line>`. */
export function promptItems(first: number, count: number, facts: PromptFacts = {}): IngestItem[] {
  return Array.from({ length: count }, (_, index) => {
    const line = first + index;
    return { key: `k${line}`, message: promptMessage(line, `prompt ${line}`, facts) };
  });
}

/** A batch with the usual facts filled in; `lines` is where its cursor stands. */
export function ingestBatch(
  lines: number,
  facts: Partial<IngestBatch> & Pick<IngestBatch, 'expected' | 'items'>,
): IngestBatch {
  const cursor = facts.cursor ?? cursorAt(lines, facts.expected?.generation ?? 0);
  return {
    sessionId: 'session-a',
    provider: 'claude-code',
    parentId: null,
    sourceKey: '/transcripts/session-a.jsonl',
    cursor,
    stat: { size: cursor.offset, mtimeNs: `${cursor.offset}` },
    restarted: false,
    ...facts,
  };
}
