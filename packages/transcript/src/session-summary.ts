import type { SessionSummary } from './enriched-session.ts';
import { messageKey } from './message-key.ts';
import type { ParsedMessage } from './message.ts';
import { responsesOf } from './responses.ts';
import { subagentsOf } from './subagents.ts';
import { tokenTotals } from './token-totals.ts';
import { toolCallsOf, toolStatsOf } from './tool-calls.ts';
import { turnFinder, turnsOf } from './turns.ts';

/**
 * Tells what the messages of one session mean together: turns, responses, tool calls with their
 * answers, tokens, subagents. A record that was written again with its uuid counts once.
 *
 * @param messages - messages of one session in file order
 */
export function summarizeSession(messages: readonly ParsedMessage[]): SessionSummary {
  const unique = withoutRepeats(messages);
  const turns = turnsOf(unique);
  const turnOf = turnFinder(turns);
  const toolCalls = toolCallsOf(unique, turnOf);
  return {
    turns,
    responses: responsesOf(unique, turnOf),
    toolCalls,
    // All records: a repeated one may tell higher counts than the first.
    totals: tokenTotals(messages),
    toolStats: toolStatsOf(toolCalls),
    subagents: subagentsOf(unique),
  };
}

function withoutRepeats(messages: readonly ParsedMessage[]): ParsedMessage[] {
  const seen = new Set<string>();
  return messages.filter((message) => {
    if (message.uuid === null) return true;
    const key = messageKey(message);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
