import type { CutItem } from '@watchkeeper/server';
import type { ContentBlock, ParsedMessage } from '@watchkeeper/transcript';

import { element } from './dom.ts';
import { bytes, clockTime } from './format.ts';
import { preformatted, richText } from './rich-text.ts';

interface Look {
  readonly className: string;
  readonly label: string;
  readonly body: readonly (Node | string)[];
}

/** One message as a list item. */
export function messageView(key: string, message: ParsedMessage): HTMLLIElement {
  const look = lookOf(message);
  return element(
    'li',
    { class: `message ${look.className}`, 'data-key': key, 'data-kind': message.kind },
    look.className === 'notice'
      ? null
      : element(
          'header',
          {},
          element('span', {}, look.label),
          element('time', {}, clockTime(message.timestamp)),
        ),
    ...look.body,
  );
}

/** A message too large to be sent whole: what came of it, and the way to the rest. */
export function cutView(item: CutItem): HTMLLIElement {
  return element(
    'li',
    { class: 'message result', 'data-key': item.key },
    element(
      'header',
      {},
      element('span', {}, `A large message, ${bytes(item.bytes)}`),
      element('a', { href: item.href, target: '_blank', rel: 'noreferrer' }, 'show it whole'),
    ),
    preformatted(JSON.stringify(item.message, undefined, 2), 2000),
  );
}

function lookOf(message: ParsedMessage): Look {
  switch (message.kind) {
    case 'user-prompt':
      return {
        className: message.isMeta ? 'notice' : 'person',
        label: 'You',
        body: [
          richText(message.text),
          ...(message.blocks.length === 0 ? [] : [preformatted(blocksText(message.blocks))]),
        ],
      };
    case 'assistant-block':
      return assistant(message.block, message.model);
    case 'user-tool-result':
      return {
        className: message.results.some((result) => result.isError) ? 'bad' : 'result',
        label: 'Tool result',
        body: message.results.map((result) =>
          disclosure('result', blocksText(result.content), result.isError),
        ),
      };
    case 'system-turn-duration':
      return notice(`Turn took ${(message.durationMs / 1000).toFixed(1)} s`);
    case 'system-api-error':
      return {
        className: 'bad',
        label: 'API error',
        body: [
          richText(
            message.retryInMs === null
              ? message.error
              : `${message.error}; retrying in ${(message.retryInMs / 1000).toFixed(1)} s`,
          ),
        ],
      };
    case 'system-local-command':
      return notice(message.command ?? message.content);
    case 'system-compact':
      return notice('The conversation was compacted here');
    case 'system-notice':
      return notice(message.content ?? message.subtype ?? 'notice');
    case 'session-meta':
      return notice(`${message.field}: ${message.value ?? ''}`);
    case 'file-history-snapshot':
      return notice('File snapshot');
    case 'progress-agent':
      return notice(`Subagent ${message.subagentId} is working`);
    case 'progress-bash':
      return { className: 'result', label: 'Running', body: [preformatted(message.output)] };
    case 'progress-hook':
      return notice(`Hook ${message.hook ?? message.event}`);
    case 'queue-operation':
      return notice(`Queue: ${message.operation} ${message.text ?? ''}`);
    case 'attachment':
      return notice(`Attachment: ${message.attachmentType} ${message.prompt ?? ''}`);
    case 'unknown':
      return notice(`Record of type ${message.recordType ?? 'unknown'}`);
    case 'malformed':
      return {
        className: 'bad',
        label: `Unreadable line (${message.reason}, ${bytes(message.bytes)})`,
        body: [preformatted(message.preview)],
      };
    default:
      // A newer server may send kinds that this page does not know.
      return notice('A message this page cannot show');
  }
}

function assistant(block: ContentBlock, model: string | null): Look {
  switch (block.type) {
    case 'text':
      return { className: 'agent', label: model ?? 'Agent', body: [richText(block.text)] };
    case 'thinking':
      return { className: 'thinking', label: 'Thinking', body: [richText(block.thinking)] };
    case 'tool_use':
      return {
        className: 'call',
        label: 'Tool call',
        body: [disclosure(block.name, inputText(block.input), false, firstWords(block.input))],
      };
    case 'tool_result':
      return {
        className: 'result',
        label: 'Tool result',
        body: [preformatted(blocksText(block.content))],
      };
    case 'image':
    case 'document':
      return notice(`${block.type}, ${block.mediaType ?? 'type not known'}, ${bytes(block.bytes)}`);
    case 'other':
      return notice(`Block of type ${block.tag}`);
    default:
      return notice('A block this page cannot show');
  }
}

function notice(text: string): Look {
  return { className: 'notice', label: '', body: [text] };
}

function disclosure(
  title: string,
  text: string,
  open: boolean,
  brief = firstLine(text),
): HTMLElement {
  const details = element(
    'details',
    {},
    element('summary', {}, element('span', { class: 'tool' }, title), ` ${brief}`),
    preformatted(text),
  );
  details.open = open;
  return details;
}

function inputText(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input, undefined, 2);
}

function firstWords(input: unknown): string {
  if (typeof input !== 'object' || input === null) return firstLine(String(input));
  const value = Object.values(input).find((entry) => typeof entry === 'string');
  return typeof value === 'string' ? firstLine(value) : '';
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

function blocksText(blocks: readonly ContentBlock[]): string {
  return blocks
    .map((block) => {
      if (block.type === 'text') return block.text;
      if (block.type === 'image' || block.type === 'document')
        return `[${block.type}, ${bytes(block.bytes)}]`;
      return `[${block.type}]`;
    })
    .join('\n');
}
