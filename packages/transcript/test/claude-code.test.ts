import { describe, expect, test } from 'vitest';

import { claudeCode } from '../src/index.ts';

describe('roots', () => {
  test.each([
    ['/home/u', {}, '/home/u/.claude/projects'],
    ['/home/u/', {}, '/home/u/.claude/projects'],
    ['/home/u', { CLAUDE_CONFIG_DIR: '' }, '/home/u/.claude/projects'],
    ['/home/u', { CLAUDE_CONFIG_DIR: '/etc/agent/' }, '/etc/agent/projects'],
    ['C:\\Users\\u', {}, 'C:\\Users\\u\\.claude\\projects'],
  ])('of %j with %j is %j', (home, variables, root) => {
    expect(claudeCode.roots({ home, variables })).toEqual([root]);
  });
});

describe('classify', () => {
  const session = (sessionId: string) => ({ type: 'session', sessionId });
  const subagent = (agentId: string, parentSessionId: string | null) => ({
    type: 'subagent',
    sessionId: `agent-${agentId}`,
    parentSessionId,
    agentId,
  });

  test.each([
    ['-home-u-project/abc-123.jsonl', session('abc-123')],
    ['abc-123.jsonl', session('abc-123')],
    ['./-p/abc.jsonl', session('abc')],
    ['-p/sid/subagents/agent-a1.jsonl', subagent('a1', 'sid')],
    ['-p\\sid\\subagents\\agent-a1.jsonl', subagent('a1', 'sid')],
    ['sid/subagents/agent-a1.jsonl', subagent('a1', 'sid')],
    ['-p/sid/subagents/workflows/w1/agent-b2.jsonl', subagent('b2', 'sid')],
    ['-p/sid/subagents/w/x/y/agent-c3.jsonl', subagent('c3', 'sid')],
    ['-p/agent-a1.jsonl', subagent('a1', null)],
    ['-p/sid/subagents/journal.jsonl', null],
    ['-p/journal.jsonl', null],
    ['-p/sid/subagents/notes.jsonl', null],
    ['-p/sid/subagents/agent-.jsonl', null],
    ['-p/sid/subagents/agent-a1.meta.json', null],
    ['-p/sid/tool-results/1.txt', null],
    ['-p/sid/deeper/abc.jsonl', null],
    ['subagents/agent-a1.jsonl', null],
    ['-p/.jsonl', null],
    ['-p/abc.jsonl.bak', null],
    ['../-p/abc.jsonl', null],
    ['', null],
  ])('%j', (path, expected) => {
    expect(claudeCode.classify(path)).toEqual(expected);
  });
});

test('parses lines as parseLineAll does', () => {
  const pos = { lineIndex: 0, byteRange: { start: 0, end: 2 } };
  expect(claudeCode.parse('{}', pos)).toMatchObject([{ kind: 'unknown', recordType: null }]);
});
