import { describe, expect, test } from 'vitest';

import { MAX_TEXT_CHARS, parseLine } from '../src/index.ts';
import type { ParsedMessage } from '../src/index.ts';
import { MAX_BLOCKS, MAX_DEPTH, MAX_VALUES } from '../src/limits.ts';
import { assistantLine, promptLine } from './records.ts';

function toolInput(raw: string): { input: unknown; message: ParsedMessage } {
  const line = `{"type":"assistant","message":{"content":[{"type":"tool_use","id":"c","name":"T","input":${raw}}]}}`;
  const message = parseLine(line, 0);
  if (message?.kind !== 'assistant-block' || message.block.type !== 'tool_use') {
    throw new Error(`expected a tool call, got ${message?.kind}`);
  }
  return { input: message.block.input, message };
}

describe('texts', () => {
  test('keeps a text at the cap whole and says nothing', () => {
    const message = parseLine(promptLine('x'.repeat(MAX_TEXT_CHARS)), 0);
    expect(message).toMatchObject({ text: 'x'.repeat(MAX_TEXT_CHARS) });
    expect(message).not.toHaveProperty('truncated');
  });

  test('cuts a text beyond the cap and says so', () => {
    const message = parseLine(promptLine('x'.repeat(MAX_TEXT_CHARS + 1)), 0);
    expect(message).toMatchObject({ text: 'x'.repeat(MAX_TEXT_CHARS), truncated: true });
  });

  test('never cuts a surrogate pair in two', () => {
    const message = parseLine(promptLine(`${'x'.repeat(MAX_TEXT_CHARS - 1)}🎉`), 0);
    expect(message).toMatchObject({ text: 'x'.repeat(MAX_TEXT_CHARS - 1), truncated: true });
  });

  test.each([
    ['an escaped high surrogate', '{"type":"user","message":{"content":"a\\ud83cb"}}'],
    ['an escaped low surrogate', '{"type":"user","message":{"content":"a\\udf89b"}}'],
    ['a high surrogate as it is', '{"type":"user","message":{"content":"a\ud83cb"}}'],
    ['an escaped NUL', '{"type":"user","message":{"content":"a\\u0000b"}}'],
  ])('replaces %s by U+FFFD', (_, line) => {
    expect(parseLine(line, 0)).toMatchObject({ text: 'a\uFFFDb' });
  });

  test('keeps whole pairs and other escapes', () => {
    const line = '{"type":"user","message":{"content":"\\ud83c\\udf89 \\u00e9 \\n 🎉"}}';
    expect(parseLine(line, 0)).toMatchObject({ text: '🎉 é \n 🎉' });
  });

  test('takes an identifier of unlikely length as absent', () => {
    expect(parseLine(promptLine('A', 'u'.repeat(300)), 0)).toMatchObject({ uuid: null });
  });
});

describe('tool inputs', () => {
  test.each(['null', '1', 'true', '"text"', '[]', '{"a":[1,{"b":null}]}'])('keeps %s', (raw) => {
    const { input, message } = toolInput(raw);
    expect(input).toEqual(JSON.parse(raw));
    expect(message).not.toHaveProperty('truncated');
  });

  test('takes a missing input as null', () => {
    expect(parseLine(assistantLine([{ type: 'tool_use' }]), 0)).toMatchObject({
      block: { type: 'tool_use', id: '', name: '', input: null },
    });
  });

  test('cuts what is nested deeper than the cap', () => {
    const { input, message } = toolInput(`${'['.repeat(10_000)}1${']'.repeat(10_000)}`);
    let depth = 0;
    for (let value = input; Array.isArray(value); [value] = value as unknown[]) depth += 1;
    expect(depth).toBe(MAX_DEPTH);
    expect(message.truncated).toBe(true);
    expect(JSON.parse(JSON.stringify(message))).toEqual(message);
  });

  test('keeps the first of very many keys', () => {
    const wide = Object.fromEntries(Array.from({ length: 30_000 }, (_, key) => [key, key]));
    const { input, message } = toolInput(JSON.stringify(wide));
    expect(Object.keys(input as object)).toHaveLength(MAX_VALUES);
    expect(message.truncated).toBe(true);
  });

  test('keeps hostile keys as plain entries', () => {
    const { input } = toolInput('{"__proto__":{"admin":true},"constructor":1}');
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
    expect(Object.keys(input as object)).toEqual(['__proto__', 'constructor']);
    expect(JSON.stringify(input)).toBe('{"__proto__":{"admin":true},"constructor":1}');
  });

  test('cleans keys and values', () => {
    expect(toolInput('{"k\\ud800":"v\\u0000"}').input).toEqual({ 'k\uFFFD': 'v\uFFFD' });
  });

  test('takes numbers that JSON cannot hold as null', () => {
    expect(toolInput('[1e999,-1e999,-0,1.5]').input).toEqual([null, null, 0, 1.5]);
  });
});

describe('records', () => {
  test('takes a record of 30,000 numeric keys as unknown', () => {
    const wide = Object.fromEntries(Array.from({ length: 30_000 }, (_, key) => [key, 'x']));
    expect(parseLine(JSON.stringify(wide), 0)).toMatchObject({ kind: 'unknown', recordType: null });
  });

  test('reads a nesting of 10,000 without overflow', () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    expect(parseLine(deep, 0)).toMatchObject({ kind: 'unknown' });
    expect(parseLine(deep.slice(0, -1), 0)).toMatchObject({ kind: 'malformed', reason: 'json' });
  });

  test('reads answers nested in answers without overflow', () => {
    const open = '{"type":"tool_result","content":[';
    const line = `{"type":"user","message":{"content":[${open.repeat(5000)}${']}'.repeat(5000)}]}}`;
    const message = parseLine(line, 0);
    expect(message).toMatchObject({ kind: 'user-tool-result', truncated: true });
    expect(JSON.parse(JSON.stringify(message))).toEqual(message);
  });

  test('leaves the embedded history of a 7 MB progress record out', () => {
    const history = Array.from({ length: 700 }, () => ({ text: 'x'.repeat(10_000) }));
    const data = { type: 'agent_progress', agentId: 'a', prompt: 'p', normalizedMessages: history };
    const message = parseLine(JSON.stringify({ type: 'progress', data }), 0);
    expect(message).toMatchObject({ kind: 'progress-agent', subagentId: 'a' });
    expect(JSON.stringify(message).length).toBeLessThan(1000);
  });

  test.each([
    ['a string', (words: string): unknown => words],
    ['a block', (words: string): unknown => [{ type: 'text', text: words }]],
  ])('holds the words of a prompt given as %s once', (_, content) => {
    const words = 'w'.repeat(100_000);
    const record = { type: 'user', message: { content: content(words) } };
    const message = parseLine(JSON.stringify(record), 0);
    expect(message).toMatchObject({ kind: 'user-prompt', text: words });
    expect(JSON.stringify(message).length).toBeLessThan(words.length + 1000);
  });

  test('keeps the first of very many blocks', () => {
    const content = Array.from({ length: MAX_BLOCKS + 5 }, () => ({ type: 'image' }));
    const line = JSON.stringify({ type: 'user', message: { content } });
    const message = parseLine(line, 0);
    if (message?.kind !== 'user-prompt') throw new Error('expected a prompt');
    expect(message.blocks).toHaveLength(MAX_BLOCKS);
    expect(message.truncated).toBe(true);
  });
});
