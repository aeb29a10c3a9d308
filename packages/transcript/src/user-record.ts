import { contentOf, isToolResult, toolResultOf, wordsOf } from './content.ts';
import { fieldOf, idOf, numberOf, objectOf } from './fields.ts';
import type { Reading, JsonObject } from './fields.ts';
import { MAX_BLOCKS } from './limits.ts';
import type { MessageBody } from './message-body.ts';
import type { PromptOrigin, SubagentResult } from './user-message.ts';

/** A `user` record: answers of tools, a prompt, or both in this order. */
export function userBodies(record: JsonObject, reading: Reading): MessageBody[] {
  const content = objectOf(record['message'])?.['content'];
  if (!Array.isArray(content)) return [promptBody(record, content, reading)];
  const answers = content.filter(isToolResult);
  if (answers.length === 0) return [promptBody(record, content, reading)];
  const rest = content.filter((part) => !isToolResult(part));
  const bodies: MessageBody[] = [answersBody(record, answers, reading)];
  if (rest.length > 0) bodies.push(promptBody(record, rest, reading));
  return bodies;
}

function promptBody(record: JsonObject, content: unknown, reading: Reading): MessageBody {
  const blocks = contentOf(content, reading);
  return {
    kind: 'user-prompt',
    text: wordsOf(blocks),
    blocks: blocks.filter(({ type }) => type !== 'text'),
    isMeta: record['isMeta'] === true,
    origin: originOf(record),
  };
}

function answersBody(
  record: JsonObject,
  answers: readonly JsonObject[],
  reading: Reading,
): MessageBody {
  if (answers.length > MAX_BLOCKS) reading.cut = true;
  const outcome = objectOf(record['toolUseResult']);
  return {
    kind: 'user-tool-result',
    results: answers.slice(0, MAX_BLOCKS).map((answer) => toolResultOf(answer, reading)),
    subagent: subagentOf(outcome),
    spill: fieldOf(outcome?.['persistedOutputPath']),
  };
}

function subagentOf(outcome: JsonObject | null): SubagentResult | null {
  const agentId = idOf(outcome?.['agentId']);
  if (outcome === null || agentId === null) return null;
  return {
    agentId,
    status: fieldOf(outcome['status']),
    durationMs: numberOf(outcome['totalDurationMs']),
    tokens: numberOf(outcome['totalTokens']),
  };
}

function originOf(record: JsonObject): PromptOrigin {
  if (record['isCompactSummary'] === true) return 'compact-summary';
  const source = record['promptSource'];
  if (source === 'typed' || source === 'queued' || source === 'system' || source === 'sdk') {
    return source;
  }
  const entrypoint = record['entrypoint'];
  if (typeof entrypoint !== 'string') return 'unknown';
  if (entrypoint.startsWith('sdk')) return 'sdk';
  return /vscode|jetbrains|ide\b/.test(entrypoint) ? 'ide' : 'unknown';
}
