import { fieldOf, isJsonObject, numberOf, objectOf, textOf } from './fields.ts';
import type { Reading, JsonObject } from './fields.ts';
import type { MessageBody } from './message-body.ts';

/** A `system` record; a subtype that is not known is a notice. */
export function systemBody(record: JsonObject, reading: Reading): MessageBody {
  switch (record['subtype']) {
    case 'turn_duration': {
      const durationMs = numberOf(record['durationMs']);
      return durationMs === null
        ? noticeBody(record, reading)
        : { kind: 'system-turn-duration', durationMs };
    }
    case 'api_error':
      return apiErrorBody(record, reading);
    case 'local_command':
      return localCommandBody(record, reading);
    case 'compact_boundary': {
      const metadata = objectOf(record['compactMetadata']);
      return {
        kind: 'system-compact',
        trigger: fieldOf(metadata?.['trigger']),
        preTokens: numberOf(metadata?.['preTokens']),
      };
    }
    default:
      return noticeBody(record, reading);
  }
}

function apiErrorBody(record: JsonObject, reading: Reading): MessageBody {
  const error = record['error'];
  return {
    kind: 'system-api-error',
    error:
      errorText(error, reading) ??
      errorText(record['cause'], reading) ??
      textOf(record['content'], reading) ??
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
function errorText(value: unknown, reading: Reading, depth: number = 0): string | null {
  if (typeof value === 'string') return textOf(value, reading);
  if (!isJsonObject(value) || depth > ERROR_DEPTH) return null;
  return (
    textOf(value['message'], reading) ??
    errorText(value['error'], reading, depth + 1) ??
    errorText(value['cause'], reading, depth + 1) ??
    fieldOf(value['type']) ??
    fieldOf(value['code'])
  );
}

function localCommandBody(record: JsonObject, reading: Reading): MessageBody {
  const content = textOf(record['content'], reading) ?? '';
  return {
    kind: 'system-local-command',
    command: fieldOf(/<command-name>([^<]*)<\/command-name>/.exec(content)?.[1]?.trim()),
    content,
  };
}

function noticeBody(record: JsonObject, reading: Reading): MessageBody {
  return {
    kind: 'system-notice',
    subtype: fieldOf(record['subtype']),
    level: fieldOf(record['level']),
    content:
      textOf(record['content'], reading) ??
      textOf(record['url'], reading) ??
      textOf(record['stopReason'], reading),
  };
}
