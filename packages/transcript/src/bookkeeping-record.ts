import { contentOf, wordsOf } from './content.ts';
import { fieldOf, idOf, numberOf, objectOf, textOf } from './fields.ts';
import type { Reading, JsonObject } from './fields.ts';
import type { MessageBody } from './message-body.ts';

/** A `file-history-snapshot` or `file-history-delta` record. */
export function fileHistoryBody(record: JsonObject, delta: boolean): MessageBody {
  const snapshot = objectOf(record['snapshot']);
  const files =
    objectOf(snapshot?.['trackedFileBackups']) ?? objectOf(record['trackedFileBackups']);
  return {
    kind: 'file-history-snapshot',
    messageId: idOf(record['messageId']) ?? idOf(snapshot?.['messageId']) ?? '',
    isUpdate: record['isSnapshotUpdate'] === true,
    trackedFiles: files === null ? Number(delta) : Object.keys(files).length,
    delta,
  };
}

/** A `queue-operation` record. */
export function queueBody(record: JsonObject, reading: Reading): MessageBody {
  return {
    kind: 'queue-operation',
    operation: fieldOf(record['operation']) ?? '',
    text: wordsOrNull(record['content'], reading),
  };
}

/** An `attachment` record. */
export function attachmentBody(record: JsonObject, reading: Reading): MessageBody {
  const attachment = objectOf(record['attachment']);
  const type = fieldOf(attachment?.['type']) ?? '';
  return {
    kind: 'attachment',
    attachmentType: type,
    prompt: type === 'queued_command' ? wordsOrNull(attachment?.['prompt'], reading) : null,
  };
}

/** The fields in which each one-fact record holds its fact, best first. */
const META_FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['summary', ['summary']],
  ['custom-title', ['customTitle', 'title']],
  ['ai-title', ['aiTitle', 'title']],
  ['agent-name', ['agentName']],
  ['agent-color', ['agentColor']],
  ['agent-setting', ['agentSetting']],
  ['permission-mode', ['permissionMode', 'mode']],
  ['mode', ['mode']],
  ['tag', ['tag']],
  ['last-prompt', ['lastPrompt', 'leafUuid']],
  ['bridge-session', ['bridgeSessionId']],
  ['pr-link', ['prUrl', 'prNumber']],
  ['worktree-state', ['worktreePath', 'state']],
  ['rewind-pointer', ['leafUuid', 'messageId']],
  ['workflow-start', ['workflowId', 'name']],
  ['workflow-progress', ['workflowId', 'name']],
  ['workflow-complete', ['workflowId', 'name']],
  ['workflow-cancelled', ['workflowId', 'name']],
  ['workflow-error', ['workflowId', 'name']],
]);

/** Whether records of this type hold one fact about the session. */
export function isMetaType(type: string): boolean {
  return META_FIELDS.has(type);
}

/** A record that holds one fact about the session. */
export function metaBody(record: JsonObject, field: string, reading: Reading): MessageBody {
  for (const name of META_FIELDS.get(field) ?? []) {
    const value = textOf(record[name], reading) ?? numberOf(record[name])?.toString();
    if (value !== undefined && value !== null) return { kind: 'session-meta', field, value };
  }
  return { kind: 'session-meta', field, value: null };
}

function wordsOrNull(content: unknown, reading: Reading): string | null {
  return content === undefined || content === null ? null : wordsOf(contentOf(content, reading));
}
