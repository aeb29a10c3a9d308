import { assistantBodies } from './assistant-record.ts';
import {
  attachmentBody,
  fileHistoryBody,
  isMetaType,
  metaBody,
  queueBody,
} from './bookkeeping-record.ts';
import type { Envelope } from './envelope.ts';
import { fieldOf, idOf } from './fields.ts';
import type { Reading, JsonObject } from './fields.ts';
import type { MessageBody } from './message-body.ts';
import { progressBody } from './progress-record.ts';
import { systemBody } from './system-record.ts';
import { userBodies } from './user-record.ts';

/** What a record says, in one or more messages; a type that is not known is the quiet kind `unknown`. */
export function bodiesOf(record: JsonObject, reading: Reading): MessageBody[] {
  const type = record['type'];
  switch (type) {
    case 'user':
      return userBodies(record, reading);
    case 'assistant':
      return assistantBodies(record, reading);
    case 'system':
      return [systemBody(record, reading)];
    case 'progress':
      return [progressBody(record, reading)];
    case 'attachment':
      return [attachmentBody(record, reading)];
    case 'queue-operation':
      return [queueBody(record, reading)];
    case 'file-history-snapshot':
    case 'file-history-delta':
      return [fileHistoryBody(record, type === 'file-history-delta')];
    default:
      return typeof type === 'string' && isMetaType(type)
        ? [metaBody(record, type, reading)]
        : [{ kind: 'unknown', recordType: fieldOf(type) }];
  }
}

/** Whether an object found inside a broken line is a record and not a part of one. */
export function looksLikeRecord(object: JsonObject): boolean {
  return (
    typeof object['type'] === 'string' &&
    (idOf(object['uuid']) ?? idOf(object['sessionId']) ?? idOf(object['timestamp'])) !== null
  );
}

/** The envelope of a record. */
export function envelopeOf(record: JsonObject): Envelope {
  return {
    uuid: idOf(record['uuid']),
    parentUuid: idOf(record['parentUuid']),
    sessionId: idOf(record['sessionId']),
    timestamp: fieldOf(record['timestamp']),
    isSidechain: record['isSidechain'] === true,
    agentId: idOf(record['agentId']),
    cwd: fieldOf(record['cwd']),
    gitBranch: fieldOf(record['gitBranch']),
    cliVersion: fieldOf(record['version']),
  };
}

/** The envelope of what is no record. */
export const NO_ENVELOPE: Envelope = envelopeOf({});
