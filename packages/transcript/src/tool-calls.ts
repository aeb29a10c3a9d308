import { wordsOf } from './content.ts';
import type { PairedToolCall, ToolStat } from './enriched-session.ts';
import { cutString } from './fields.ts';
import { MAX_PREVIEW_CHARS } from './limits.ts';
import type { ParsedMessage } from './message.ts';

/** Pairs calls of tools with their answers by the identity of the call. */
export function toolCallsOf(
  messages: readonly ParsedMessage[],
  turnOf: (lineIndex: number) => number | null,
): PairedToolCall[] {
  const results = new Map<string, NonNullable<PairedToolCall['result']>>();
  for (const message of messages) {
    if (message.kind !== 'user-tool-result') continue;
    for (const { toolUseId, isError, content } of message.results) {
      results.set(toolUseId, { isError, content, lineIndex: message.lineIndex });
    }
  }
  const calls = new Map<string, PairedToolCall>();
  for (const message of messages) {
    if (message.kind !== 'assistant-block' || message.block.type !== 'tool_use') continue;
    const { id, name, input } = message.block;
    // A call without identity cannot be answered, and is no repetition of another one.
    const key = id === '' ? `line:${message.lineIndex}.${message.subIndex}` : `id:${id}`;
    if (calls.has(key)) continue;
    calls.set(key, {
      toolUseId: id,
      toolName: name,
      input,
      result: id === '' ? null : (results.get(id) ?? null),
      turnIndex: turnOf(message.lineIndex),
      lineIndex: message.lineIndex,
    });
  }
  return [...calls.values()];
}

/** How many errors of one tool are shown. */
const MAX_ERROR_SAMPLES = 10;

/** Counts calls and errors by tool, most called first. */
export function toolStatsOf(calls: readonly PairedToolCall[]): ToolStat[] {
  const stats = new Map<
    string,
    { toolName: string; callCount: number; errorCount: number; errorSamples: string[] }
  >();
  for (const { toolName, result } of calls) {
    const stat = stats.get(toolName) ?? {
      toolName,
      callCount: 0,
      errorCount: 0,
      errorSamples: [],
    };
    stats.set(toolName, stat);
    stat.callCount += 1;
    if (result?.isError !== true) continue;
    stat.errorCount += 1;
    if (stat.errorSamples.length < MAX_ERROR_SAMPLES) {
      stat.errorSamples.push(cutString(wordsOf(result.content), MAX_PREVIEW_CHARS));
    }
  }
  return [...stats.values()].sort((left, right) => right.callCount - left.callCount);
}
