import type { AssistantBlockMessage } from './assistant-message.ts';
import type { ParsedMessage } from './message.ts';
import type { TokenUsage } from './token-usage.ts';

/** Tokens of several responses of one model. */
export interface ModelTokens extends Omit<TokenUsage, 'serviceTier'> {
  /** The model, or `null` for responses that do not tell. */
  readonly model: string | null;
  /** How many responses. */
  readonly responseCount: number;
}

/** Tokens of a session. */
export interface TokenTotals extends Omit<ModelTokens, 'model'> {
  /** The same by model, in order of first use: prices differ. */
  readonly byModel: readonly ModelTokens[];
}

const COUNTS = [
  'inputTokens',
  'outputTokens',
  'cacheCreationTokens',
  'cacheCreation5mTokens',
  'cacheCreation1hTokens',
  'cacheReadTokens',
  'webSearchRequests',
  'webFetchRequests',
] as const satisfies readonly (keyof TokenUsage)[];

type Counts = Record<(typeof COUNTS)[number], number>;

/** Of each count the higher: the records of one response repeat its usage while it grows. */
export function maxUsage(left: TokenUsage | null, right: TokenUsage | null): TokenUsage | null {
  if (left === null || right === null) return left ?? right;
  const highest: Counts = noTokens();
  for (const name of COUNTS) highest[name] = Math.max(left[name], right[name]);
  return { ...highest, serviceTier: right.serviceTier ?? left.serviceTier };
}

/** Names the response a block belongs to: blocks with equal names share one usage. */
export function responseKey(message: AssistantBlockMessage): string {
  return message.messageId === null
    ? `record:${message.uuid ?? `${message.lineIndex}:${message.subIndex - message.partIndex}`}`
    : `message:${message.messageId}:${message.requestId ?? ''}`;
}

/**
 * Adds up the tokens of messages. Each response counts once, with the highest counts that its records
 * tell: adding up the records instead counts a response as often as it has blocks.
 *
 * @example
 * ```ts
 * import { parseFullSession, tokenTotals } from '@watchkeeper/transcript';
 *
 * const { messages } = parseFullSession('{"type":"user","message":{"content":"Hello"}}\n');
 * console.log(tokenTotals(messages).outputTokens); // 0
 * ```
 */
export function tokenTotals(messages: Iterable<ParsedMessage>): TokenTotals {
  const responses = new Map<string, { model: string | null; usage: TokenUsage }>();
  for (const message of messages) {
    if (message.kind !== 'assistant-block' || message.usage === null) continue;
    const key = responseKey(message);
    const known = responses.get(key);
    responses.set(key, {
      model: known?.model ?? message.model,
      usage: maxUsage(known?.usage ?? null, message.usage) ?? message.usage,
    });
  }
  const all = noTokens();
  const models = new Map<string | null, { model: string | null; responseCount: number } & Counts>();
  for (const { model, usage } of responses.values()) {
    const ofModel = models.get(model) ?? { model, responseCount: 0, ...noTokens() };
    models.set(model, ofModel);
    ofModel.responseCount += 1;
    for (const name of COUNTS) {
      all[name] += usage[name];
      ofModel[name] += usage[name];
    }
  }
  return { ...all, responseCount: responses.size, byModel: [...models.values()] };
}

function noTokens(): Counts {
  return {
    inputTokens: 0,
    outputTokens: 0,
    cacheCreationTokens: 0,
    cacheCreation5mTokens: 0,
    cacheCreation1hTokens: 0,
    cacheReadTokens: 0,
    webSearchRequests: 0,
    webFetchRequests: 0,
  };
}
