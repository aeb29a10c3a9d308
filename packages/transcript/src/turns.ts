import type { Turn } from './enriched-session.ts';
import type { ParsedMessage } from './message.ts';
import { responseKey } from './token-totals.ts';

/**
 * Splits messages into turns. A turn starts at each prompt that is neither the program's own nor the
 * summary of a compaction; prompts of subagents start none, unless the whole transcript is a subagent's.
 */
export function turnsOf(messages: readonly ParsedMessage[]): Turn[] {
  const subagentOnly = !messages.some((message) => isConversation(message) && !message.isSidechain);
  const turns: OpenTurn[] = [];
  for (const message of messages) {
    if (startsTurn(message, subagentOnly)) {
      turns.push({
        turnIndex: turns.length,
        promptText: message.kind === 'user-prompt' ? message.text : '',
        promptUuid: message.uuid,
        lineIndexStart: message.lineIndex,
        lineIndexEnd: message.lineIndex,
        startedAt: message.timestamp,
        durationMs: null,
        responses: new Set(),
        toolUses: new Set(),
      });
    } else {
      const turn = turns.at(-1);
      if (turn !== undefined) extend(turn, message);
    }
  }
  return turns.map(closeTurn);
}

/** Finds the turn of a line: the last one that starts at or before it. */
export function turnFinder(turns: readonly Turn[]): (lineIndex: number) => number | null {
  return (lineIndex) => {
    let low = 0;
    let high = turns.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((turns[middle]?.lineIndexStart ?? Infinity) <= lineIndex) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? null : low - 1;
  };
}

type OpenTurn = Omit<Turn, 'responseCount' | 'toolUseCount' | 'lineIndexEnd' | 'durationMs'> & {
  lineIndexEnd: number;
  durationMs: number | null;
  responses: Set<string>;
  toolUses: Set<string>;
};

function isConversation(message: ParsedMessage): boolean {
  return message.kind === 'user-prompt' || message.kind === 'assistant-block';
}

function startsTurn(message: ParsedMessage, subagentOnly: boolean): boolean {
  return (
    message.kind === 'user-prompt' &&
    !message.isMeta &&
    message.origin !== 'compact-summary' &&
    (subagentOnly || !message.isSidechain)
  );
}

function extend(turn: OpenTurn, message: ParsedMessage): void {
  turn.lineIndexEnd = message.lineIndex;
  if (message.kind === 'system-turn-duration') turn.durationMs = message.durationMs;
  if (message.kind !== 'assistant-block') return;
  turn.responses.add(responseKey(message));
  if (message.block.type === 'tool_use') turn.toolUses.add(message.block.id);
}

function closeTurn({ responses, toolUses, ...turn }: OpenTurn): Turn {
  return { ...turn, responseCount: responses.size, toolUseCount: toolUses.size };
}
