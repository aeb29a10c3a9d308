import type { AssistantBlockMessage } from './assistant-message.ts';
import type { ContentBlock } from './content-block.ts';
import type { ReconstitutedResponse } from './enriched-session.ts';
import type { ParsedMessage } from './message.ts';
import { maxUsage, responseKey } from './token-totals.ts';
import type { TokenUsage } from './token-usage.ts';

/** Puts the blocks of each response together again, in order of the first block. */
export function responsesOf(
  messages: readonly ParsedMessage[],
  turnOf: (lineIndex: number) => number | null,
): ReconstitutedResponse[] {
  const responses = new Map<string, AssistantBlockMessage[]>();
  for (const message of messages) {
    if (message.kind !== 'assistant-block') continue;
    const key = responseKey(message);
    const blocks = responses.get(key);
    if (blocks === undefined) responses.set(key, [message]);
    else blocks.push(message);
  }
  return [...responses.values()].flatMap((blocks) => responseOf(blocks, turnOf));
}

function responseOf(
  parts: readonly AssistantBlockMessage[],
  turnOf: (lineIndex: number) => number | null,
): ReconstitutedResponse[] {
  const [first] = parts;
  if (first === undefined) return [];
  let last = first;
  let usage: TokenUsage | null = null;
  let stopReason: string | null = null;
  const blocks: ContentBlock[] = [];
  for (const part of parts) {
    last = part;
    usage = maxUsage(usage, part.usage);
    stopReason = part.stopReason ?? stopReason;
    if (part.block.type !== 'other' || part.block.tag !== 'empty') blocks.push(part.block);
  }
  return [
    {
      messageId: first.messageId,
      requestId: first.requestId,
      model: first.model,
      blocks,
      usage,
      contextTokens:
        usage === null
          ? null
          : usage.inputTokens + usage.cacheCreationTokens + usage.cacheReadTokens,
      stopReason,
      isSynthetic: first.isSynthetic,
      turnIndex: turnOf(first.lineIndex),
      lineIndexStart: first.lineIndex,
      lineIndexEnd: last.lineIndex,
    },
  ];
}
