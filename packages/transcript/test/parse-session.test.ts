import { describe, expect, test } from 'vitest';

import { parseFullSession, parseLine, summarizeSession, tokenTotals } from '../src/index.ts';
import { answerLine, assistantLine, ENVELOPE, promptLine } from './records.ts';

function session(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function systemLine(fields: object): string {
  return JSON.stringify({ type: 'system', sessionId: 'session-1', ...fields });
}

const call = (id: string, name: string = 'Bash', input: unknown = {}): object => ({
  type: 'tool_use',
  id,
  name,
  input,
});

describe('lines and bytes', () => {
  test('gives the messages of every line with contiguous ranges', () => {
    const lines = [promptLine('é'), '', '  ', promptLine('B', 'uuid-2'), 'not json'];
    const { messages, committedBytes } = parseFullSession(session(...lines));
    const first = Buffer.byteLength(lines[0] ?? '') + 1;
    expect(messages.map(({ kind, lineIndex }) => [kind, lineIndex])).toEqual([
      ['user-prompt', 0],
      ['user-prompt', 1],
      ['malformed', 2],
    ]);
    expect(messages.map(({ byteRange }) => byteRange.start)).toEqual([
      0,
      first + 4,
      committedBytes - 9,
    ]);
  });

  test('agrees with parseLine on every line', () => {
    const lines = [promptLine('A'), 'not json', promptLine('B', 'uuid-2')];
    const { messages } = parseFullSession(session(...lines));
    expect(messages).toMatchObject(
      lines.map((line, index) => {
        const message = parseLine(line, index);
        return { kind: message?.kind, uuid: message?.uuid, lineIndex: index, subIndex: 0 };
      }),
    );
  });

  test('leaves an unfinished last line to the tail', () => {
    const whole = session(promptLine('A'));
    const { messages, committedBytes, unfinishedBytes } = parseFullSession(`${whole}{"type":"us`);
    expect(messages).toHaveLength(1);
    expect(committedBytes).toBe(whole.length);
    expect(unfinishedBytes).toBe(11);
  });

  test('takes a last line without newline that is a whole record', () => {
    const line = promptLine('A');
    const { messages, committedBytes, unfinishedBytes } = parseFullSession(line);
    expect(messages).toMatchObject([
      { kind: 'user-prompt', byteRange: { start: 0, end: line.length } },
    ]);
    expect(committedBytes).toBe(0);
    expect(unfinishedBytes).toBe(line.length);
  });

  test('gives an empty session for an empty text', () => {
    expect(parseFullSession('')).toMatchObject({
      messages: [],
      turns: [],
      responses: [],
      toolCalls: [],
      toolStats: [],
      subagents: [],
      totals: { outputTokens: 0, responseCount: 0, byModel: [] },
      committedBytes: 0,
      unfinishedBytes: 0,
    });
  });
});

describe('turns', () => {
  test('start at each prompt of a person and end before the next', () => {
    const meta = JSON.stringify({
      ...ENVELOPE,
      uuid: 'm',
      type: 'user',
      isMeta: true,
      message: { content: 'x' },
    });
    const { turns } = parseFullSession(
      session(
        meta,
        promptLine('First', 'p1'),
        assistantLine([call('c1')], { uuid: 'a1', id: 'msg-1' }),
        answerLine('c1', 'ok', { uuid: 'r1' }),
        assistantLine([{ type: 'text', text: 'Done' }], { uuid: 'a2', id: 'msg-2' }),
        systemLine({ subtype: 'turn_duration', durationMs: 4200 }),
        promptLine('Second', 'p2'),
      ),
    );
    expect(turns).toEqual([
      {
        turnIndex: 0,
        promptText: 'First',
        promptUuid: 'p1',
        lineIndexStart: 1,
        lineIndexEnd: 5,
        startedAt: ENVELOPE.timestamp,
        durationMs: 4200,
        responseCount: 2,
        toolUseCount: 1,
      },
      expect.objectContaining({
        turnIndex: 1,
        promptText: 'Second',
        durationMs: null,
        responseCount: 0,
      }),
    ]);
  });

  test('do not start at prompts of subagents or summaries', () => {
    const sidechain = JSON.stringify({
      ...ENVELOPE,
      uuid: 's',
      isSidechain: true,
      type: 'user',
      message: { content: 'Search' },
    });
    const summary = JSON.stringify({
      ...ENVELOPE,
      uuid: 'c',
      isCompactSummary: true,
      type: 'user',
      message: { content: 'So far' },
    });
    const { turns } = parseFullSession(session(promptLine('First', 'p1'), sidechain, summary));
    expect(turns.map(({ promptText }) => promptText)).toEqual(['First']);
    expect(parseFullSession(session(sidechain)).turns).toHaveLength(1);
  });
});

describe('tokens', () => {
  test('count the highest usage of a response once, however often it is repeated', () => {
    const lines = [5, 5, 212, 631].map((output_tokens, index) =>
      assistantLine([{ type: 'text', text: `${index}` }], {
        uuid: `a${index}`,
        usage: { input_tokens: 3, output_tokens, cache_read_input_tokens: 10 },
      }),
    );
    const { responses, totals } = parseFullSession(session(...lines));
    expect(responses).toHaveLength(1);
    expect(responses[0]).toMatchObject({
      messageId: 'msg-1',
      usage: { inputTokens: 3, outputTokens: 631 },
      contextTokens: 13,
      lineIndexStart: 0,
      lineIndexEnd: 3,
    });
    expect(responses[0]?.blocks).toHaveLength(4);
    expect(totals).toMatchObject({ inputTokens: 3, outputTokens: 631, responseCount: 1 });
  });

  test('count two requests with one message id apart, and records without ids each', () => {
    const usage = { output_tokens: 10 };
    const text = [{ type: 'text', text: 'x' }];
    const bare = JSON.stringify({ type: 'assistant', message: { content: text, usage } });
    const { messages } = parseFullSession(
      session(
        assistantLine(text, { uuid: 'a', requestId: 'r1', usage }),
        assistantLine(text, { uuid: 'b', requestId: 'r2', usage, model: 'model-1' }),
        assistantLine(text, { uuid: 'c', id: 'msg-2', usage, model: 'model-2' }),
        bare,
        bare,
      ),
    );
    expect(tokenTotals(messages)).toMatchObject({
      outputTokens: 50,
      responseCount: 5,
      byModel: [
        { model: 'model-1', outputTokens: 20, responseCount: 2 },
        { model: 'model-2', outputTokens: 10, responseCount: 1 },
        { model: null, outputTokens: 20, responseCount: 2 },
      ],
    });
  });

  test('count a record with several blocks once', () => {
    const blocks = [1, 2, 3].map((text) => ({ type: 'text', text: `${text}` }));
    const record = { type: 'assistant', message: { content: blocks, usage: { output_tokens: 7 } } };
    const { totals, responses } = parseFullSession(session(JSON.stringify(record)));
    expect(totals.outputTokens).toBe(7);
    expect(responses[0]?.blocks).toHaveLength(3);
  });
});

describe('tool calls', () => {
  test('are paired with their answers, and counted by tool', () => {
    const { toolCalls, toolStats } = parseFullSession(
      session(
        promptLine('Go', 'p'),
        assistantLine([call('c1', 'Bash', { command: 'ls' })], { uuid: 'a1' }),
        assistantLine([call('c2', 'Read')], { uuid: 'a2' }),
        assistantLine([call('c3', 'Bash')], { uuid: 'a3' }),
        answerLine('c3', 'no such file', { uuid: 'r3', isError: true }),
        answerLine('c1', 'a.ts', { uuid: 'r1' }),
      ),
    );
    expect(toolCalls).toMatchObject([
      {
        toolUseId: 'c1',
        toolName: 'Bash',
        input: { command: 'ls' },
        result: { isError: false, content: [{ type: 'text', text: 'a.ts' }], lineIndex: 5 },
        turnIndex: 0,
        lineIndex: 1,
      },
      { toolUseId: 'c2', result: null },
      { toolUseId: 'c3', result: { isError: true } },
    ]);
    expect(toolStats).toEqual([
      { toolName: 'Bash', callCount: 2, errorCount: 1, errorSamples: ['no such file'] },
      { toolName: 'Read', callCount: 1, errorCount: 0, errorSamples: [] },
    ]);
  });

  test('without identity are kept apart and never paired', () => {
    const { toolCalls } = parseFullSession(
      session(
        assistantLine([{ type: 'tool_use', name: 'A' }], { uuid: 'a1' }),
        assistantLine([{ type: 'tool_use', name: 'B' }], { uuid: 'a2' }),
        JSON.stringify({
          type: 'user',
          message: { content: [{ type: 'tool_result', content: 'x' }] },
        }),
      ),
    );
    expect(toolCalls).toMatchObject([
      { toolName: 'A', result: null },
      { toolName: 'B', result: null },
    ]);
  });

  test('keep no more than ten error samples of a tool', () => {
    const lines = Array.from({ length: 12 }, (_, index) => [
      assistantLine([call(`c${index}`)], { uuid: `a${index}` }),
      answerLine(`c${index}`, 'e'.repeat(500), { uuid: `r${index}`, isError: true }),
    ]).flat();
    const [stat] = parseFullSession(session(...lines)).toolStats;
    expect(stat?.errorCount).toBe(12);
    expect(stat?.errorSamples).toEqual(Array.from({ length: 10 }, () => 'e'.repeat(200)));
  });
});

describe('subagents', () => {
  test('are told by their progress and then by their result', () => {
    const progress = JSON.stringify({
      type: 'progress',
      data: { type: 'agent_progress', agentId: 'a1', prompt: 'Search' },
      parentToolUseID: 'c1',
    });
    const start = [
      assistantLine([call('c1', 'Agent', { prompt: 'Search' })], { uuid: 'x1' }),
      assistantLine([call('c2', 'Agent', { prompt: 'Write' })], { uuid: 'x2' }),
      progress,
    ];
    const end = [
      answerLine('c1', 'found', {
        uuid: 'r1',
        toolUseResult: { agentId: 'a1', status: 'completed', totalDurationMs: 9, totalTokens: 4 },
      }),
      answerLine('c2', 'written', {
        uuid: 'r2',
        toolUseResult: { agentId: 'a2', status: 'failed' },
      }),
    ];
    expect(parseFullSession(session(...start)).subagents).toEqual([
      {
        agentId: 'a1',
        toolUseId: 'c1',
        prompt: 'Search',
        status: null,
        durationMs: null,
        tokens: null,
      },
    ]);
    expect(parseFullSession(session(...start, ...end)).subagents).toEqual([
      {
        agentId: 'a1',
        toolUseId: 'c1',
        prompt: 'Search',
        status: 'completed',
        durationMs: 9,
        tokens: 4,
      },
      {
        agentId: 'a2',
        toolUseId: 'c2',
        prompt: 'Write',
        status: 'failed',
        durationMs: null,
        tokens: null,
      },
    ]);
  });
});

describe('a history that was written again', () => {
  const lines = [
    promptLine('First', 'p1'),
    assistantLine([call('c1')], { uuid: 'a1', usage: { output_tokens: 5 } }),
    answerLine('c1', 'ok', { uuid: 'r1' }),
  ];

  test('adds messages but no turns, responses, calls or tokens', () => {
    const once = parseFullSession(session(...lines));
    const twice = parseFullSession(session(...lines, ...lines));
    expect(twice.messages).toHaveLength(6);
    const { turns, responses, toolCalls, totals, toolStats } = twice;
    expect({ turns, responses, toolCalls, totals, toolStats }).toEqual({
      turns: once.turns,
      responses: once.responses,
      toolCalls: once.toolCalls,
      totals: once.totals,
      toolStats: once.toolStats,
    });
  });

  test('is summarised alike from its messages', () => {
    const whole = parseFullSession(session(...lines));
    expect(whole).toMatchObject(summarizeSession(whole.messages));
  });
});
