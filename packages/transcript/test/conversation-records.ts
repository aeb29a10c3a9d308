import type { RecordRow } from './record-row.ts';

const USAGE = {
  input_tokens: 4,
  output_tokens: 212,
  cache_creation_input_tokens: 100,
  cache_read_input_tokens: 9000,
  cache_creation: { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 40 },
  server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 },
  service_tier: 'standard',
};

const TOKENS = {
  inputTokens: 4,
  outputTokens: 212,
  cacheCreationTokens: 100,
  cacheCreation5mTokens: 60,
  cacheCreation1hTokens: 40,
  cacheReadTokens: 9000,
  webSearchRequests: 2,
  webFetchRequests: 1,
  serviceTier: 'standard',
};

/** Records of the conversation and what they become. */
export const CONVERSATION: readonly RecordRow[] = [
  {
    record: 'a prompt',
    given: { type: 'user', message: { role: 'user', content: 'Fix the test' } },
    gives: {
      kind: 'user-prompt',
      text: 'Fix the test',
      blocks: [],
      isMeta: false,
      origin: 'unknown',
    },
  },
  {
    record: "the program's own prompt",
    given: { type: 'user', isMeta: true, message: { content: 'Caveat' }, promptSource: 'system' },
    gives: { kind: 'user-prompt', text: 'Caveat', isMeta: true, origin: 'system' },
  },
  {
    record: 'the summary of a compaction',
    given: {
      type: 'user',
      isCompactSummary: true,
      promptSource: 'typed',
      message: { content: 'So far' },
    },
    gives: { kind: 'user-prompt', text: 'So far', origin: 'compact-summary' },
  },
  {
    record: 'a prompt from a program that drives the agent',
    given: { type: 'user', entrypoint: 'sdk-ts', message: { content: 'Go' } },
    gives: { kind: 'user-prompt', origin: 'sdk' },
  },
  {
    record: 'a prompt from an editor',
    given: { type: 'user', entrypoint: 'claude-vscode', message: { content: 'Go' } },
    gives: { kind: 'user-prompt', origin: 'ide' },
  },
  {
    record: 'a prompt of text, a plain string, an image and a document',
    given: {
      type: 'user',
      message: {
        content: [
          { type: 'text', text: 'Look' },
          'here',
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJDRA==' } },
          { type: 'document', source: { type: 'url', url: 'https://example.org/a.pdf' } },
        ],
      },
    },
    gives: {
      kind: 'user-prompt',
      text: 'Look\nhere',
      blocks: [
        { type: 'image', mediaType: 'image/png', bytes: 4 },
        { type: 'document', mediaType: null, bytes: 0 },
      ],
    },
  },
  {
    record: "a tool's answer as a string",
    given: {
      type: 'user',
      message: { content: [{ type: 'tool_result', tool_use_id: 'call-1', content: 'done' }] },
      toolUseResult: 'Error: done',
    },
    gives: {
      kind: 'user-tool-result',
      results: [{ toolUseId: 'call-1', isError: false, content: [{ type: 'text', text: 'done' }] }],
      subagent: null,
      spill: null,
    },
  },
  {
    record: "a tool's answer as blocks, with its output spilled to a file",
    given: {
      type: 'user',
      message: {
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'call-1',
            is_error: true,
            content: [
              { type: 'text', text: 'bad' },
              { type: 'tool_reference', tool_name: 'x' },
            ],
          },
        ],
      },
      toolUseResult: { persistedOutputPath: '/p/tool-results/1.txt' },
    },
    gives: {
      kind: 'user-tool-result',
      results: [
        {
          toolUseId: 'call-1',
          isError: true,
          content: [
            { type: 'text', text: 'bad' },
            { type: 'other', tag: 'tool_reference' },
          ],
        },
      ],
      spill: '/p/tool-results/1.txt',
    },
  },
  {
    record: "a subagent's answer",
    given: {
      type: 'user',
      message: { content: [{ type: 'tool_result', tool_use_id: 'call-1', content: [] }] },
      toolUseResult: { agentId: 'a1', status: 'completed', totalDurationMs: 1200, totalTokens: 77 },
    },
    gives: {
      kind: 'user-tool-result',
      subagent: { agentId: 'a1', status: 'completed', durationMs: 1200, tokens: 77 },
    },
  },
  {
    record: 'a text block of a response',
    given: {
      type: 'assistant',
      requestId: 'req-1',
      message: {
        id: 'msg-1',
        model: 'model-1',
        content: [{ type: 'text', text: 'Hello' }],
        usage: USAGE,
        stop_reason: 'end_turn',
      },
    },
    gives: {
      kind: 'assistant-block',
      messageId: 'msg-1',
      requestId: 'req-1',
      model: 'model-1',
      block: { type: 'text', text: 'Hello' },
      usage: TOKENS,
      stopReason: 'end_turn',
      isSynthetic: false,
    },
  },
  {
    record: 'a thinking block without signature',
    given: { type: 'assistant', message: { content: [{ type: 'thinking', thinking: 'Hm' }] } },
    gives: {
      kind: 'assistant-block',
      block: { type: 'thinking', thinking: 'Hm', signature: null },
      messageId: null,
      requestId: null,
      model: null,
      usage: null,
      stopReason: null,
    },
  },
  {
    record: 'a tool call whose input is no object',
    given: {
      type: 'assistant',
      message: {
        content: [{ type: 'tool_use', id: 'call-1', name: 'Bash', input: ['ls', 1, null] }],
      },
    },
    gives: { block: { type: 'tool_use', id: 'call-1', name: 'Bash', input: ['ls', 1, null] } },
  },
  {
    record: 'a response without blocks',
    given: { type: 'assistant', message: { id: 'msg-1', content: [] } },
    gives: { kind: 'assistant-block', block: { type: 'other', tag: 'empty' } },
  },
  {
    record: 'a response without a message',
    given: { type: 'assistant' },
    gives: { kind: 'assistant-block', block: { type: 'other', tag: 'empty' }, messageId: null },
  },
  {
    record: 'cache writes told only in the nested object',
    given: {
      type: 'assistant',
      message: {
        content: [{ type: 'redacted_thinking', data: 'x' }],
        usage: { cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 7 } },
      },
    },
    gives: {
      block: { type: 'other', tag: 'redacted_thinking' },
      usage: {
        inputTokens: 0,
        outputTokens: 0,
        cacheCreationTokens: 12,
        cacheCreation5mTokens: 5,
        cacheCreation1hTokens: 7,
        cacheReadTokens: 0,
        webSearchRequests: 0,
        webFetchRequests: 0,
        serviceTier: null,
      },
    },
  },
  {
    record: 'an error shown as a response',
    given: { type: 'assistant', isApiErrorMessage: true, message: { content: 'Overloaded' } },
    gives: { isSynthetic: true, block: { type: 'text', text: 'Overloaded' } },
  },
];
