import type { SubagentRef } from './enriched-session.ts';
import type { ParsedMessage } from './message.ts';

/** Lists the subagents that messages tell of: while they run by their progress, afterwards by their result. */
export function subagentsOf(messages: readonly ParsedMessage[]): SubagentRef[] {
  const prompts = promptsOfCalls(messages);
  const subagents = new Map<string, SubagentRef>();
  for (const message of messages) {
    const news = newsOf(message);
    if (news === null) continue;
    const known = subagents.get(news.agentId);
    const toolUseId = known?.toolUseId ?? news.toolUseId;
    subagents.set(news.agentId, {
      agentId: news.agentId,
      toolUseId,
      prompt:
        known?.prompt ??
        news.prompt ??
        (toolUseId === null ? null : (prompts.get(toolUseId) ?? null)),
      status: news.status ?? known?.status ?? null,
      durationMs: news.durationMs ?? known?.durationMs ?? null,
      tokens: news.tokens ?? known?.tokens ?? null,
    });
  }
  return [...subagents.values()];
}

function newsOf(message: ParsedMessage): SubagentRef | null {
  if (message.kind === 'progress-agent') {
    return {
      agentId: message.subagentId,
      toolUseId: message.parentToolUseId,
      prompt: message.prompt,
      status: null,
      durationMs: null,
      tokens: null,
    };
  }
  if (message.kind !== 'user-tool-result' || message.subagent === null) return null;
  const [answer, second] = message.results;
  // With several answers in one record it is not told which of them the subagent gave.
  const toolUseId = answer === undefined || second !== undefined ? null : answer.toolUseId;
  return { ...message.subagent, toolUseId, prompt: null };
}

function promptsOfCalls(messages: readonly ParsedMessage[]): Map<string, string> {
  const prompts = new Map<string, string>();
  for (const message of messages) {
    if (message.kind !== 'assistant-block' || message.block.type !== 'tool_use') continue;
    const { id, input } = message.block;
    if (typeof input !== 'object' || input === null || !('prompt' in input)) continue;
    if (typeof input.prompt === 'string') prompts.set(id, input.prompt);
  }
  return prompts;
}
