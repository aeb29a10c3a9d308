import { fieldOf, isJsonObject, numberOf, objectOf, textOf } from './fields.ts';
import type { Cuts, JsonObject } from './fields.ts';
import type { MessageBody } from './message-body.ts';

/** A `system` record; a subtype that is not known is a notice. */
export function systemBody(record: JsonObject, cuts: Cuts): MessageBody {
  switch (record['subtype']) {
    case 'turn_duration': {
      const durationMs = numberOf(record['durationMs']);
      return durationMs === null
        ? noticeBody(record, cuts)
        : { kind: 'system-turn-duration', durationMs };
    }
    case 'api_error':
      return apiErrorBody(record, cuts);
    case 'local_command':
      return localCommandBody(record, cuts);
    case 'compact_boundary': {
      const metadata = objectOf(record['compactMetadata']);
      return {
        kind: 'system-compact',
        trigger: fieldOf(metadata?.['trigger']),
        preTokens: numberOf(metadata?.['preTokens']),
      };
    }
    default:
      return noticeBody(record, cuts);
  }
}

function apiErrorBody(record: JsonObject, cuts: Cuts): MessageBody {
  const error = record['error'];
  return {
    kind: 'system-api-error',
    error:
      errorText(error, cuts) ??
      errorText(record['cause'], cuts) ??
      textOf(record['content'], cuts) ??
      '',
    status: numberOf(objectOf(error)?.['status']) ?? numberOf(record['status']),
    retryInMs: numberOf(record['retryInMs']),
    retryAttempt: numberOf(record['retryAttempt']),
    maxRetries: numberOf(record['maxRetries']),
  };
}

/** How deep an error's own words are looked for: `error.error.error.message` has been seen. */
const ERROR_DEPTH = 4;

/** The words of an error object, whose shape changes with the vendor's client library. */
function errorText(value: unknown, cuts: Cuts, depth: number = 0): string | null {
  if (typeof value === 'string') return textOf(value, cuts);
  if (!isJsonObject(value) || depth > ERROR_DEPTH) return null;
  return (
    textOf(value['message'], cuts) ??
    errorText(value['error'], cuts, depth + 1) ??
    errorText(value['cause'], cuts, depth + 1) ??
    fieldOf(value['type']) ??
    fieldOf(value['code'])
  );
}

function localCommandBody(record: JsonObject, cuts: Cuts): MessageBody {
  const content = textOf(record['content'], cuts) ?? '';
  return {
    kind: 'system-local-command',
    command: fieldOf(/<command-name>([^<]*)<\/command-name>/.exec(content)?.[1]?.trim()),
    content,
  };
}

function noticeBody(record: JsonObject, cuts: Cuts): MessageBody {
  return {
    kind: 'system-notice',
    subtype: fieldOf(record['subtype']),
    level: fieldOf(record['level']),
    content:
      textOf(record['content'], cuts) ??
      textOf(record['url'], cuts) ??
      textOf(record['stopReason'], cuts),
  };
}
