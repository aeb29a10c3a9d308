/** The envelope that most records carry. */
export const ENVELOPE = {
  uuid: 'uuid-1',
  parentUuid: 'uuid-0',
  sessionId: 'session-1',
  timestamp: '2026-02-01T10:00:00.000Z',
  isSidechain: false,
  cwd: '/home/user/project',
  gitBranch: 'main',
  version: '2.1.45',
};

/** What the envelope becomes. */
export const PARSED_ENVELOPE = {
  uuid: 'uuid-1',
  parentUuid: 'uuid-0',
  sessionId: 'session-1',
  timestamp: '2026-02-01T10:00:00.000Z',
  isSidechain: false,
  agentId: null,
  cwd: '/home/user/project',
  gitBranch: 'main',
  cliVersion: '2.1.45',
};

/** What the envelope of a record without one becomes. */
export const EMPTY_ENVELOPE = {
  uuid: null,
  parentUuid: null,
  sessionId: null,
  timestamp: null,
  isSidechain: false,
  agentId: null,
  cwd: null,
  gitBranch: null,
  cliVersion: null,
};

/** A prompt as one line. */
export function promptLine(text: string, uuid: string = 'uuid-1'): string {
  return JSON.stringify({
    ...ENVELOPE,
    uuid,
    type: 'user',
    message: { role: 'user', content: text },
  });
}

/** One record of a response as one line. */
export function assistantLine(
  content: readonly unknown[],
  more: { uuid?: string; id?: string; requestId?: string; usage?: object; model?: string } = {},
): string {
  const { uuid = 'uuid-2', id = 'msg-1', requestId = 'req-1', usage, model = 'model-1' } = more;
  const message = { id, model, role: 'assistant', content, ...(usage && { usage }) };
  return JSON.stringify({ ...ENVELOPE, uuid, type: 'assistant', requestId, message });
}

/** A tool's answer as one line. */
export function answerLine(
  toolUseId: string,
  content: unknown,
  more: { uuid?: string; isError?: boolean; toolUseResult?: unknown } = {},
): string {
  const { uuid = 'uuid-3', isError, toolUseResult } = more;
  const block = { type: 'tool_result', tool_use_id: toolUseId, content, is_error: isError };
  const message = { role: 'user', content: [block] };
  return JSON.stringify({ ...ENVELOPE, uuid, type: 'user', message, toolUseResult });
}
