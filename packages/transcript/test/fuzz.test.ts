import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseFullSession, parseLine, parseLineAll } from '../src/index.ts';
import type { ParsedMessage } from '../src/index.ts';
import { answerLine, assistantLine, ENVELOPE, promptLine } from './records.ts';

const KINDS = new Set<ParsedMessage['kind']>([
  'file-history-snapshot',
  'user-prompt',
  'user-tool-result',
  'assistant-block',
  'system-turn-duration',
  'system-api-error',
  'system-local-command',
  'system-compact',
  'system-notice',
  'progress-agent',
  'progress-bash',
  'progress-hook',
  'queue-operation',
  'attachment',
  'session-meta',
  'unknown',
  'malformed',
]);

const VALID: readonly Buffer[] = [
  promptLine('日本語 🎉 "quoted" \\n {"type":"user"}'),
  answerLine('call-1', [
    { type: 'text', text: 'x' },
    { type: 'image', source: { data: 'QQ==' } },
  ]),
  assistantLine([
    { type: 'thinking', thinking: 'Hm' },
    { type: 'tool_use', id: 'call-1', name: 'Bash', input: { command: 'ls', deep: [[[1]]] } },
  ]),
  JSON.stringify({ ...ENVELOPE, type: 'system', subtype: 'api_error', error: { error: {} } }),
  JSON.stringify({ type: 'progress', data: { type: 'bash_progress', output: '\u0000' } }),
  JSON.stringify({ type: 'queue-operation', operation: 'enqueue', content: ['a', { type: 'x' }] }),
  JSON.stringify({ type: 'file-history-snapshot', snapshot: { trackedFileBackups: {} } }),
  JSON.stringify({ type: 'attachment', attachment: { type: 'queued_command', prompt: 'p' } }),
].map((line) => Buffer.from(line));

type Mutation =
  | { readonly op: 'flip' | 'insert'; readonly at: number; readonly byte: number }
  | { readonly op: 'cut' | 'swap' | 'repeat'; readonly at: number; readonly length: number };

const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const byte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(...Buffer.from('{}[]":,\\\0 \n'), 0xff, 0xed),
);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ op: fc.constantFrom('flip', 'insert'), at: position, byte }),
  fc.record({
    op: fc.constantFrom('cut', 'swap', 'repeat'),
    at: position,
    length: fc.integer({ min: 1, max: 60 }),
  }),
);

function mutate(line: Buffer, change: Mutation): Buffer {
  const at = Math.floor(change.at * line.length);
  const before = line.subarray(0, at);
  if ('byte' in change) {
    const rest = line.subarray(change.op === 'flip' ? at + 1 : at);
    return Buffer.concat([before, Buffer.of(change.byte), rest]);
  }
  const part = line.subarray(at, at + change.length);
  const rest = line.subarray(at + change.length);
  if (change.op === 'cut') return Buffer.concat([before, rest]);
  if (change.op === 'swap') return Buffer.concat([part, before, rest]);
  return Buffer.concat([before, part, part, rest]);
}

function expectSound(messages: readonly ParsedMessage[], end: number): void {
  for (const [index, message] of messages.entries()) {
    expect(KINDS).toContain(message.kind);
    expect(message.subIndex).toBe(index);
    expect(message.byteRange.start).toBeGreaterThanOrEqual(10);
    expect(message.byteRange.end).toBeLessThanOrEqual(end);
    const strings: string[] = [];
    const copy: unknown = JSON.parse(JSON.stringify(message), (key, value: unknown) => {
      strings.push(key, typeof value === 'string' ? value : '');
      return value;
    });
    expect(copy).toStrictEqual(message);
    expect(strings.every((text) => text.isWellFormed() && !text.includes('\0'))).toBe(true);
  }
}

test('never throws on mutated lines, and gives sound messages', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...VALID), { minLength: 1, maxLength: 3 }),
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      (lines, changes) => {
        const bytes = changes.reduce(mutate, Buffer.concat(lines));
        const end = 10 + bytes.length;
        const pos = { lineIndex: 0, byteRange: { start: 10, end } };
        expectSound(parseLineAll(bytes, pos), end);
        expect(() => parseLineAll(bytes.toString('latin1'), pos)).not.toThrow();
        expect(() => parseLine(bytes.toString(), 0)).not.toThrow();
      },
    ),
    { numRuns: 20_000 },
  );
});

test('never throws on any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const end = 10 + bytes.length;
      const messages = parseLineAll(bytes, { lineIndex: 0, byteRange: { start: 10, end } });
      expectSound(messages, end);
      expect(messages.length).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 5000 },
  );
});

test('never throws on records whose fields are anything', () => {
  const types = ['user', 'assistant', 'system', 'progress', 'attachment', 'queue-operation'];
  const names = [
    'message',
    'content',
    'data',
    'attachment',
    'error',
    'toolUseResult',
    'usage',
    'uuid',
  ];
  const deep = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue(),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(...names, 'type', 'source', 'id', 'snapshot', 'input', '__proto__'),
        fc.oneof(tie('node'), fc.constantFrom('text', 'tool_use', 'tool_result', 'image')),
        { maxKeys: 4 },
      ),
    ),
  })).node;
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.dictionary(fc.constantFrom(...names, 'subtype'), deep, { maxKeys: 6 }),
      (type, fields) => {
        const line = JSON.stringify({ ...fields, type });
        const end = 10 + Buffer.byteLength(line);
        const messages = parseLineAll(line, { lineIndex: 0, byteRange: { start: 10, end } });
        expectSound(messages, end);
        expect(messages.length).toBeGreaterThan(0);
        expect(messages.every(({ kind }) => kind !== 'malformed')).toBe(true);
      },
    ),
    { numRuns: 10_000 },
  );
});

test('never throws on whole texts, and counts only lines that are not blank', () => {
  const line = fc.oneof(
    fc.constantFrom(...VALID.map(String), '', '  ', '\0', 'not json'),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const text = lines.map((part) => `${part}\n`).join('');
      const { messages, committedBytes, unfinishedBytes } = parseFullSession(text);
      expect(committedBytes).toBe(Buffer.byteLength(text));
      expect(unfinishedBytes).toBe(0);
      const firsts = messages.filter(({ subIndex }) => subIndex === 0);
      expect(firsts.map(({ lineIndex }) => lineIndex)).toEqual(firsts.map((_, index) => index));
    }),
    { numRuns: 2000 },
  );
});
