import type { StreamFrame, WireItem } from '@watchkeeper/server';

import type { Output } from '../io.ts';
import { messageText } from './message-text.ts';
import type { Palette } from './palette.ts';
import { printableLine } from './printable.ts';

/** Prints what a watched session says. */
export interface FramePrinter {
  /** Prints one frame; resolves when it has left the process. */
  print(frame: StreamFrame): Promise<void>;
}

/** One line of the JSON output: the names and data of the server's stream. */
export function jsonLine(event: string, id: string | null, data: unknown): string {
  return `${JSON.stringify({ event, id, data })}\n`;
}

/** Prints every frame as one line of JSON. */
export function createJsonPrinter(stdout: Output): FramePrinter {
  return { print: ({ event, id, data }) => stdout.write(jsonLine(event, id, data)) };
}

/** Prints what concerns a person: ticks or messages, and trouble; no heartbeats. */
export function createTextPrinter(
  stdout: Output,
  palette: Palette,
  now: () => number,
): FramePrinter {
  const time = (): string => palette.dim(new Date(now()).toTimeString().slice(0, 8));
  const line = (text: string): string => `${time()} ${text}\n`;
  const textOf = (frame: StreamFrame): string => {
    switch (frame.event) {
      case 'hello': {
        const { sessionId, version, resumed } = frame.data;
        if (version === null) return '';
        const how = resumed === 'replayed' ? ', going on from the given cursor' : '';
        const where = `revision ${version.rev}, ${version.messageCount} messages${how}`;
        return line(`watching ${palette.bold(printableLine(sessionId ?? ''))} at ${where}`);
      }
      case 'session.updated': {
        const { rev, messageCount, cause } = frame.data;
        const what = `${palette.green('changed')}  revision ${rev}, ${messageCount} messages`;
        return line(`${what} ${palette.dim(`(${cause})`)}`);
      }
      case 'messages':
        return frame.data.items.map((item) => itemText(item, palette)).join('');
      case 'pending':
        return line(`waiting for ${printableLine(frame.data.sessionId)} to appear`);
      case 'lag': {
        const { bytesBehind, attempt, error } = frame.data;
        const why = error === null ? '' : `: ${printableLine(error)}`;
        return line(palette.yellow(`behind by ${bytesBehind} bytes, attempt ${attempt}${why}`));
      }
      case 'reset':
        return line(palette.yellow(`what came before is void (${frame.data.reason}); going on`));
      case 'session.gone':
        return line(palette.red('the session was deleted'));
      case 'heartbeat':
      case 'sessions.changed':
      case 'bye':
        return '';
    }
    return '';
  };
  return {
    print: async (frame) => {
      const text = textOf(frame);
      if (text !== '') await stdout.write(text);
    },
  };
}

/** One row of a session for a person. */
export function itemText(item: WireItem, palette: Palette): string {
  if (item.t === 'del') return `${palette.dim(`         taken back: message ${item.seq}`)}\n`;
  if ('truncated' in item) {
    return `${palette.dim(`         message ${item.seq} is too large to show: ${item.bytes} bytes`)}\n`;
  }
  return messageText(item.message, palette);
}
