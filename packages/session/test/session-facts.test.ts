import type { ParsedMessage } from '@watchkeeper/transcript';
import { describe, expect, it } from 'vitest';

import { gatherFacts, listedMs, MAX_TITLE_CHARS, NO_FACTS } from '../src/session-facts.ts';
import { promptMessage, type PromptFacts } from '../src/testing/fixtures.ts';

function prompt(text: string, facts: PromptFacts = {}): ParsedMessage {
  return promptMessage(0, text, facts);
}

function meta(field: string, value: string | null): ParsedMessage {
  const {
    text: _text,
    blocks: _blocks,
    isMeta: _isMeta,
    origin: _origin,
    ...base
  } = promptMessage(0, '');
  return { ...base, kind: 'session-meta', field, value };
}

describe('the title of a session', () => {
  it.each<[string, ParsedMessage[], string | null]>([
    ['nothing without messages', [], null],
    ['the first prompt', [prompt('first'), prompt('second')], 'first'],
    ['the first line with words', [prompt('\n  \n  Fix  the\tbug \nplease')], 'Fix the bug'],
    ['no prompt of the program', [prompt('caveat', { isMeta: true }), prompt('real')], 'real'],
    ['no summary of a compaction', [prompt('summary', { origin: 'compact-summary' })], null],
    ['the agent’s title over a prompt', [prompt('first'), meta('ai-title', 'Bug fix')], 'Bug fix'],
    ['the newest of the agent’s', [meta('ai-title', 'Old'), meta('summary', 'New')], 'New'],
    [
      'the user’s over the agent’s',
      [meta('custom-title', 'Mine'), meta('ai-title', 'Its')],
      'Mine',
    ],
    ['no other fact', [meta('permission-mode', 'plan')], null],
    ['no empty title', [prompt('first'), meta('ai-title', '  '), meta('ai-title', null)], 'first'],
  ])('is %s', (_name, messages, title) => {
    expect(gatherFacts(NO_FACTS, messages).title).toBe(title);
  });

  it('is the same however the messages are cut into batches', () => {
    const messages = [
      prompt('first'),
      meta('ai-title', 'A'),
      prompt('second'),
      meta('ai-title', 'B'),
    ];
    const whole = gatherFacts(NO_FACTS, messages);
    for (let cut = 0; cut <= messages.length; cut += 1) {
      const parts = gatherFacts(gatherFacts(NO_FACTS, messages.slice(0, cut)), messages.slice(cut));
      expect(parts).toEqual(whole);
    }
  });

  it('is cut between characters', () => {
    const title = gatherFacts(NO_FACTS, [prompt('🚀'.repeat(300))]).title ?? '';
    expect(Array.from(title)).toHaveLength(MAX_TITLE_CHARS);
    expect(title.isWellFormed()).toBe(true);
  });
});

describe('the other facts of a session', () => {
  it('are the first directory, the earliest and the latest time', () => {
    const facts = gatherFacts(NO_FACTS, [
      prompt('a', { timestamp: '2026-05-02T00:00:00Z' }),
      prompt('b', { timestamp: 'not a time', cwd: '/one' }),
      prompt('c', { timestamp: '2026-05-01T00:00:00+02:00', cwd: '/two' }),
    ]);
    expect(facts).toMatchObject({
      cwd: '/one',
      startedMs: Date.parse('2026-04-30T22:00:00Z'),
      updatedMs: Date.parse('2026-05-02T00:00:00Z'),
    });
  });
});

describe('when a session was active last', () => {
  const told = { ...NO_FACTS, startedMs: 1, updatedMs: 2 };
  it.each([
    ['its newest record says', told, '9000000', 5, 2],
    ['its transcript says when no record does', NO_FACTS, '9999999', 5, 9],
    ['was known when the look at its transcript is not settled', NO_FACTS, '0', 5, 5],
    ['is not known without either', NO_FACTS, '0', 0, 0],
    ['is not known of a time before 1970', NO_FACTS, '-9000000', 0, 0],
  ])('is what %s', (_name, facts, mtimeNs, before, ms) => {
    expect(listedMs(facts, mtimeNs, before)).toBe(ms);
  });
});
