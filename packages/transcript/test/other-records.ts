import type { RecordRow } from './record-row.ts';

/** All other records and what they become. */
export const AROUND: readonly RecordRow[] = [
  {
    record: 'a turn that ended',
    given: { type: 'system', subtype: 'turn_duration', durationMs: 3200 },
    gives: { kind: 'system-turn-duration', durationMs: 3200 },
  },
  {
    record: 'a turn that ended without a time',
    given: { type: 'system', subtype: 'turn_duration' },
    gives: { kind: 'system-notice', subtype: 'turn_duration', content: null },
  },
  {
    record: 'a failed request with an error object',
    given: {
      type: 'system',
      subtype: 'api_error',
      error: { status: 529, error: { error: { message: 'Overloaded' } } },
      retryInMs: 500,
      retryAttempt: 1,
      maxRetries: 10,
    },
    gives: {
      kind: 'system-api-error',
      error: 'Overloaded',
      status: 529,
      retryInMs: 500,
      retryAttempt: 1,
      maxRetries: 10,
    },
  },
  {
    record: 'a failed request with an error string',
    given: { type: 'system', subtype: 'api_error', error: 'timeout' },
    gives: { kind: 'system-api-error', error: 'timeout', status: null, retryInMs: null },
  },
  {
    record: 'a failed request with only a cause',
    given: { type: 'system', subtype: 'api_error', error: {}, cause: { code: 'ECONNRESET' } },
    gives: { kind: 'system-api-error', error: 'ECONNRESET' },
  },
  {
    record: 'a failed request that says nothing',
    given: { type: 'system', subtype: 'api_error' },
    gives: {
      kind: 'system-api-error',
      error: '',
      status: null,
      retryInMs: null,
      retryAttempt: null,
      maxRetries: null,
    },
  },
  {
    record: 'a local command',
    given: {
      type: 'system',
      subtype: 'local_command',
      content: '<command-name>/model</command-name>',
    },
    gives: {
      kind: 'system-local-command',
      command: '/model',
      content: '<command-name>/model</command-name>',
    },
  },
  {
    record: 'the output of a local command',
    given: { type: 'system', subtype: 'local_command', content: '<local-command-stdout>ok' },
    gives: { kind: 'system-local-command', command: null, content: '<local-command-stdout>ok' },
  },
  {
    record: 'a compaction',
    given: {
      type: 'system',
      subtype: 'compact_boundary',
      compactMetadata: { trigger: 'auto', preTokens: 155000 },
    },
    gives: { kind: 'system-compact', trigger: 'auto', preTokens: 155000 },
  },
  {
    record: 'a notice with a link',
    given: { type: 'system', subtype: 'bridge_status', url: 'https://example.org', level: 'info' },
    gives: {
      kind: 'system-notice',
      subtype: 'bridge_status',
      level: 'info',
      content: 'https://example.org',
    },
  },
  {
    record: 'a notice of an unknown subtype',
    given: { type: 'system', subtype: 'brand_new', content: 'Hi' },
    gives: { kind: 'system-notice', subtype: 'brand_new', level: null, content: 'Hi' },
  },
  {
    record: 'a notice without a subtype',
    given: { type: 'system', content: 'Hi', toolUseID: 't', level: 'warning' },
    gives: { kind: 'system-notice', subtype: null, level: 'warning', content: 'Hi' },
  },
  {
    record: 'progress of a subagent',
    given: {
      type: 'progress',
      data: { type: 'agent_progress', agentId: 'a1', prompt: 'Search', message: { type: 'user' } },
      parentToolUseID: 'call-1',
    },
    gives: {
      kind: 'progress-agent',
      subagentId: 'a1',
      prompt: 'Search',
      parentToolUseId: 'call-1',
    },
  },
  {
    record: 'progress of a subagent without a name',
    given: { type: 'progress', data: { type: 'agent_progress' } },
    gives: { kind: 'unknown', recordType: 'progress/agent_progress' },
  },
  {
    record: 'progress of a command',
    given: {
      type: 'progress',
      data: { type: 'bash_progress', output: 'ok', elapsedTimeSeconds: 3 },
    },
    gives: { kind: 'progress-bash', output: 'ok', elapsedSeconds: 3 },
  },
  {
    record: 'progress of a hook',
    given: {
      type: 'progress',
      data: { type: 'hook_progress', hookEvent: 'Stop', hookName: 'Stop:lint', command: 'lint' },
    },
    gives: { kind: 'progress-hook', event: 'Stop', hook: 'Stop:lint', command: 'lint' },
  },
  {
    record: 'progress of an unknown type',
    given: { type: 'progress', data: { type: 'brand_new' } },
    gives: { kind: 'unknown', recordType: 'progress/brand_new' },
  },
  {
    record: 'progress without data',
    given: { type: 'progress' },
    gives: { kind: 'unknown', recordType: 'progress' },
  },
  {
    record: 'a prompt put into the queue',
    given: { type: 'queue-operation', operation: 'enqueue', content: 'and then' },
    gives: { kind: 'queue-operation', operation: 'enqueue', text: 'and then' },
  },
  {
    record: 'a prompt of blocks put into the queue',
    given: {
      type: 'queue-operation',
      operation: 'enqueue',
      content: [{ type: 'text', text: 'A' }, 'B'],
    },
    gives: { kind: 'queue-operation', operation: 'enqueue', text: 'A\nB' },
  },
  {
    record: 'the queue emptied',
    given: { type: 'queue-operation', operation: 'popAll' },
    gives: { kind: 'queue-operation', operation: 'popAll', text: null },
  },
  {
    record: 'a snapshot of files',
    given: {
      type: 'file-history-snapshot',
      messageId: 'm-1',
      snapshot: { messageId: 'm-1', trackedFileBackups: { 'a.ts': {}, 'b.ts': {} } },
      isSnapshotUpdate: true,
    },
    gives: {
      kind: 'file-history-snapshot',
      messageId: 'm-1',
      isUpdate: true,
      trackedFiles: 2,
      delta: false,
    },
  },
  {
    record: 'an addition to a snapshot of files',
    given: { type: 'file-history-delta', messageId: 'm-1', path: 'a.ts' },
    gives: {
      kind: 'file-history-snapshot',
      messageId: 'm-1',
      isUpdate: false,
      trackedFiles: 1,
      delta: true,
    },
  },
  {
    record: 'a prompt typed while a tool ran',
    given: {
      type: 'attachment',
      attachment: { type: 'queued_command', prompt: [{ type: 'text', text: 'Wait' }] },
    },
    gives: { kind: 'attachment', attachmentType: 'queued_command', prompt: 'Wait' },
  },
  {
    record: 'another attachment',
    given: { type: 'attachment', attachment: { type: 'diagnostics', prompt: 'no' } },
    gives: { kind: 'attachment', attachmentType: 'diagnostics', prompt: null },
  },
  {
    record: 'an attachment of an odd shape',
    given: { type: 'attachment', attachment: 7 },
    gives: { kind: 'attachment', attachmentType: '', prompt: null },
  },
  ...(
    [
      ['summary', { summary: 'Fix tests', leafUuid: 'l' }, 'Fix tests'],
      ['custom-title', { customTitle: 'Mine' }, 'Mine'],
      ['ai-title', { aiTitle: 'Theirs' }, 'Theirs'],
      ['agent-name', { agentName: 'scout' }, 'scout'],
      ['agent-setting', { agentSetting: 'reviewer' }, 'reviewer'],
      ['permission-mode', { permissionMode: 'plan' }, 'plan'],
      ['mode', { mode: 'normal' }, 'normal'],
      ['last-prompt', { lastPrompt: 'Go on' }, 'Go on'],
      ['last-prompt', { leafUuid: 'leaf' }, 'leaf'],
      ['bridge-session', { bridgeSessionId: 'b-1', lastSequenceNum: 4 }, 'b-1'],
      ['pr-link', { prNumber: 7, prUrl: 'https://example.org/7' }, 'https://example.org/7'],
      ['pr-link', { prNumber: 7 }, '7'],
      ['worktree-state', {}, null],
      ['rewind-pointer', { leafUuid: 'leaf' }, 'leaf'],
      ['workflow-start', { workflowId: 'w-1' }, 'w-1'],
      ['workflow-error', { workflowId: ['odd'] }, null],
    ] as const
  ).map(([type, fields, value]) => ({
    record: `a fact about the session: ${type} ${JSON.stringify(fields)}`,
    given: { type, ...fields },
    gives: { kind: 'session-meta', field: type, value },
  })),
  {
    record: 'a record of an unknown type',
    given: { type: 'brand-new', anything: [1] },
    gives: { kind: 'unknown', recordType: 'brand-new' },
  },
  {
    record: 'a record without a type',
    given: { 0: 'a', 1: 'b' },
    gives: { kind: 'unknown', recordType: null },
  },
  {
    record: 'a record whose type is no string',
    given: { type: { nested: true } },
    gives: { kind: 'unknown', recordType: null },
  },
];
