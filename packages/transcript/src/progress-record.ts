import { fieldOf, idOf, numberOf, objectOf, textOf } from './fields.ts';
import type { Reading, JsonObject } from './fields.ts';
import type { MessageBody } from './message-body.ts';

/** A `progress` record; the embedded history that some carry (megabytes of it) is left out. */
export function progressBody(record: JsonObject, reading: Reading): MessageBody {
  const data = objectOf(record['data']);
  const type = fieldOf(data?.['type']);
  if (data !== null && type === 'agent_progress') {
    const subagentId = idOf(data['agentId']) ?? idOf(record['agentId']);
    if (subagentId !== null) {
      return {
        kind: 'progress-agent',
        subagentId,
        prompt: textOf(data['prompt'], reading),
        parentToolUseId: idOf(record['parentToolUseID']),
      };
    }
  }
  if (data !== null && type === 'bash_progress') {
    return {
      kind: 'progress-bash',
      output: textOf(data['output'], reading) ?? textOf(data['fullOutput'], reading) ?? '',
      elapsedSeconds: numberOf(data['elapsedTimeSeconds']),
    };
  }
  if (data !== null && type === 'hook_progress') {
    return {
      kind: 'progress-hook',
      event: fieldOf(data['hookEvent']) ?? '',
      hook: fieldOf(data['hookName']),
      command: textOf(data['command'], reading),
    };
  }
  return { kind: 'unknown', recordType: type === null ? 'progress' : `progress/${type}` };
}
