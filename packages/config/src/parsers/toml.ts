import { parse as parseToml, TomlError } from 'smol-toml';
import { offsetAt, positionAt } from '../code-frame.ts';
import { MAX_DEPTH, refusedAt } from '../parser.ts';
import type { Origin, ParsedDocument, Parser } from '../parser.ts';
import { tomlOffsets } from './toml-offsets.ts';

/** The library appends its own code frame to the first line of the message. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/^Invalid TOML document: /u, '');
}

function read(text: string, origin: Origin): unknown {
  try {
    return parseToml(text, { maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = firstLine(error.message);
    const repeated = /redefine an already defined/u.test(message);
    const deep = /excessively nested/u.test(message);
    throw refusedAt(`This is not valid TOML: ${message}`, {
      code: repeated ? 'E_DUPLICATE_KEY' : deep ? 'E_TOO_LARGE' : 'E_PARSE',
      text,
      origin,
      position: {
        line: error.line,
        column: error.column,
        offset: offsetAt(text, error.line, error.column),
      },
      cause: error,
    });
  }
}

function parse(text: string, origin: Origin): ParsedDocument {
  const value = read(text, origin);
  let offsets: ReadonlyMap<string, number> | undefined;
  return {
    value,
    locate(path) {
      offsets ??= tomlOffsets(text);
      for (let length = path.length; length > 0; length--) {
        const offset = offsets.get(JSON.stringify(path.slice(0, length).map(String)));
        if (offset !== undefined) return positionAt(text, offset);
      }
      return positionAt(text, 0);
    },
  };
}

/** TOML 1.0; integers that a double cannot hold are refused. */
export const tomlParser: Parser = { format: 'toml', extensions: ['.toml'], parse };
