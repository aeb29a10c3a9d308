import { contentOf } from './content.ts';
import { fieldOf, idOf, numberOf, objectOf } from './fields.ts';
import type { Reading, JsonObject } from './fields.ts';
import type { MessageBody } from './message-body.ts';
import type { TokenUsage } from './token-usage.ts';

/** An `assistant` record: one message for each of its blocks, and one that says `empty` when it has none. */
export function assistantBodies(record: JsonObject, reading: Reading): MessageBody[] {
  const message = objectOf(record['message']);
  const model = fieldOf(message?.['model']);
  const common = {
    kind: 'assistant-block' as const,
    messageId: idOf(message?.['id']),
    requestId: idOf(record['requestId']),
    model,
    usage: usageOf(message?.['usage']),
    stopReason: fieldOf(message?.['stop_reason']),
    isSynthetic: record['isApiErrorMessage'] === true || model === '<synthetic>',
  };
  const blocks = contentOf(message?.['content'], reading);
  if (blocks.length === 0) return [{ ...common, block: { type: 'other', tag: 'empty' } }];
  const bodies: MessageBody[] = [];
  for (const block of blocks) bodies.push({ ...common, block });
  return bodies;
}

function usageOf(value: unknown): TokenUsage | null {
  const usage = objectOf(value);
  if (usage === null) return null;
  const nested = objectOf(usage['cache_creation']);
  const server = objectOf(usage['server_tool_use']);
  const fiveMinutes = count(nested?.['ephemeral_5m_input_tokens']);
  const oneHour = count(nested?.['ephemeral_1h_input_tokens']);
  return {
    inputTokens: count(usage['input_tokens']),
    outputTokens: count(usage['output_tokens']),
    // Newer versions of the agent may tell cache writes in the nested object only.
    cacheCreationTokens: count(usage['cache_creation_input_tokens']) || fiveMinutes + oneHour,
    cacheCreation5mTokens: fiveMinutes,
    cacheCreation1hTokens: oneHour,
    cacheReadTokens: count(usage['cache_read_input_tokens']),
    webSearchRequests: count(server?.['web_search_requests']),
    webFetchRequests: count(server?.['web_fetch_requests']),
    serviceTier: fieldOf(usage['service_tier']),
  };
}

function count(value: unknown): number {
  return Math.max(0, numberOf(value) ?? 0);
}
