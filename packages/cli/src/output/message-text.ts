import type { ContentBlock, ParsedMessage } from '@watchkeeper/transcript';

import type { Paint, Palette } from './palette.ts';
import { printable, printableLine } from './printable.ts';

/** Longest text shown of one message, in characters: what a person reads in a scrolling terminal; `--json` has all of it. */
const MAX_SHOWN = 4000;

/** Longest one-line summary, in characters: one row of a wide terminal. */
const MAX_SUMMARY = 160;

/** Who speaks, and what. */
interface Speech {
  readonly who: string;
  readonly text: string;
  readonly paint: Paint;
}

/** One message as lines for a person, ending in a newline. Nothing in it can drive the terminal. */
export function messageText(message: ParsedMessage, palette: Palette): string {
  const { who, text, paint } = speech(message, palette);
  const time = message.timestamp === null ? '        ' : clockTime(message.timestamp);
  const lines = shown(text).split('\n');
  const head = `${palette.dim(time)} ${paint(who.padEnd(9))} `;
  return `${head}${lines.join(`\n${' '.repeat(19)}`)}\n`;
}

function shown(text: string): string {
  const clean = printable(text).trimEnd();
  if (clean.length <= MAX_SHOWN) return clean;
  return `${clean.slice(0, MAX_SHOWN)}… (${clean.length - MAX_SHOWN} more characters)`;
}

/** The time of day of an ISO time, as it was written; the whole text when it is none. */
export function clockTime(timestamp: string): string {
  return /T(\d\d:\d\d:\d\d)/.exec(timestamp)?.[1] ?? printableLine(timestamp, 8).padEnd(8);
}

function speech(message: ParsedMessage, palette: Palette): Speech {
  const note = (who: string, text: string): Speech => ({
    who,
    text: printableLine(text, MAX_SUMMARY),
    paint: palette.dim,
  });
  switch (message.kind) {
    case 'user-prompt':
      return message.isMeta
        ? note('meta', message.text)
        : { who: 'user', text: message.text, paint: palette.green };
    case 'assistant-block':
      return assistant(message.block, message.isSynthetic, palette);
    case 'user-tool-result': {
      const failed = message.results.some(({ isError }) => isError);
      const text = message.results
        .map(({ content }) => content.map(blockText).join('\n'))
        .join('\n');
      return { who: failed ? 'failed' : 'result', text, paint: failed ? palette.red : palette.dim };
    }
    case 'system-turn-duration':
      return note('turn', `ended after ${(message.durationMs / 1000).toFixed(1)} s`);
    case 'system-api-error':
      return { who: 'api error', text: message.error, paint: palette.red };
    case 'system-local-command':
      return note('command', message.command ?? message.content);
    case 'system-compact':
      return note(
        'compact',
        `${message.trigger ?? 'unknown trigger'}, ${message.preTokens ?? '?'} tokens`,
      );
    case 'system-notice':
      return note('notice', `${message.subtype ?? ''} ${message.content ?? ''}`);
    case 'progress-agent':
      return note('subagent', `${message.subagentId} ${message.prompt ?? ''}`);
    case 'progress-bash':
      return note('shell', message.output);
    case 'progress-hook':
      return note('hook', `${message.event} ${message.hook ?? message.command ?? ''}`);
    case 'queue-operation':
      return note('queue', `${message.operation} ${message.text ?? ''}`);
    case 'attachment':
      return note('attached', `${message.attachmentType} ${message.prompt ?? ''}`);
    case 'session-meta':
      return note('meta', `${message.field}: ${message.value ?? ''}`);
    case 'file-history-snapshot':
      return note('snapshot', `${message.trackedFiles} files`);
    case 'unknown':
      return note('unknown', message.recordType ?? 'record without a type');
    case 'malformed':
      return {
        who: 'malformed',
        text: printableLine(`${message.error}: ${message.preview}`, MAX_SUMMARY),
        paint: palette.yellow,
      };
  }
  return note('unknown', JSON.stringify(message));
}

function assistant(block: ContentBlock, isSynthetic: boolean, palette: Palette): Speech {
  if (block.type === 'tool_use') {
    const input = printableLine(JSON.stringify(block.input) ?? '', MAX_SUMMARY);
    return { who: 'tool', text: `${block.name} ${input}`, paint: palette.yellow };
  }
  if (block.type === 'thinking')
    return { who: 'thinking', text: block.thinking, paint: palette.dim };
  const paint = isSynthetic ? palette.red : palette.cyan;
  return { who: 'assistant', text: blockText(block), paint };
}

function blockText(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'thinking':
      return block.thinking;
    case 'tool_use':
      return block.name;
    case 'tool_result':
      return block.content.map(blockText).join('\n');
    case 'image':
    case 'document':
      return `[${block.type}, ${block.mediaType ?? 'unknown type'}, ${block.bytes} bytes]`;
    case 'other':
      return `[${block.tag}]`;
  }
  return '';
}
