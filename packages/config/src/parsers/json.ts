import { findNodeAtLocation, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError, ParseOptions } from 'jsonc-parser';
import { positionAt } from '../code-frame.ts';
import { MAX_DEPTH, refusedAt, tooDeep } from '../parser.ts';
import type { Origin, ParsedDocument, Parser } from '../parser.ts';

/** `UnexpectedEndOfString` becomes `unexpected end of string`. */
function inWords(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/gu, ' ').toLowerCase();
}

/** Builds the value itself: the library's own builder lets `__proto__` set a prototype and the last of two equal keys win. */
function build(node: Node, text: string, origin: Origin, depth: number): unknown {
  if (depth > MAX_DEPTH) throw tooDeep(origin);
  if (node.type === 'array') {
    return (node.children ?? []).map((child) => build(child, text, origin, depth + 1));
  }
  if (node.type !== 'object') return node.value;
  const entries = new Map<string, unknown>();
  for (const { children: [key, value] = [] } of node.children ?? []) {
    if (key === undefined || value === undefined) continue;
    const name = String(key.value);
    if (entries.has(name)) {
      throw refusedAt(`The key ${JSON.stringify(name)} appears twice in one object`, {
        code: 'E_DUPLICATE_KEY',
        text,
        origin,
        position: positionAt(text, key.offset),
        path: [name],
      });
    }
    entries.set(name, build(value, text, origin, depth + 1));
  }
  return Object.fromEntries(entries);
}

function nearest(root: Node, path: readonly PropertyKey[]): Node {
  const segments = path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  for (let length = segments.length; length > 0; length--) {
    const node = findNodeAtLocation(root, segments.slice(0, length));
    if (node !== undefined) return node;
  }
  return root;
}

/** `parseTree` is recursive: a stack overflow is a statement about the file. */
function treeOf(
  text: string,
  origin: Origin,
  errors: ParseError[],
  options: ParseOptions,
): Node | undefined {
  try {
    return parseTree(text, errors, options);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(origin, error);
    throw error;
  }
}

function parse(text: string, origin: Origin, options: ParseOptions): ParsedDocument {
  const errors: ParseError[] = [];
  const root = treeOf(text, origin, errors, options);
  const [error] = errors;
  if (error !== undefined || root === undefined) {
    const what = error === undefined ? 'value expected' : inWords(printParseErrorCode(error.error));
    throw refusedAt(`This is not valid: ${what}`, {
      code: 'E_PARSE',
      text,
      origin,
      position: positionAt(text, error?.offset ?? 0),
    });
  }
  return {
    value: build(root, text, origin, 0),
    locate: (path) => positionAt(text, nearest(root, path).offset),
  };
}

/** JSON as RFC 8259 has it: no comments, no trailing commas, no duplicate keys. */
export const jsonParser: Parser = {
  format: 'json',
  extensions: ['.json'],
  parse: (text, origin) =>
    parse(text, origin, { disallowComments: true, allowTrailingComma: false }),
};

/** JSON with comments and trailing commas; everything else is as strict as JSON. */
export const jsoncParser: Parser = {
  format: 'jsonc',
  extensions: ['.jsonc'],
  parse: (text, origin) =>
    parse(text, origin, { disallowComments: false, allowTrailingComma: true }),
};
