import {
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
} from 'yaml';
import type { Document, YAMLMap } from 'yaml';
import { positionAt } from '../code-frame.ts';
import { ConfigError } from '../errors.ts';
import { MAX_DEPTH, refusedAt, tooDeep } from '../parser.ts';
import type { Origin, ParsedDocument, Parser } from '../parser.ts';

/** Unbalanced brackets before the parser is spared the text: it needs a second for 200,000 of them. */
const MAX_OPEN_BRACKETS = 10 * MAX_DEPTH;
/** Aliases may multiply values this often; the parser's own default, stated because it is a defence. */
const MAX_ALIAS_COUNT = 100;

function opensTooMany(text: string): boolean {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) open++;
    else if (code === 0x5d || code === 0x7d) open--;
    if (open > MAX_OPEN_BRACKETS) return true;
  }
  return false;
}

/** The key of a map that repeats an earlier one. The library's own check compares all pairs and takes seconds for 20,000 keys. */
function duplicateKey(map: YAMLMap): { name: string; offset: number } | undefined {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key) || key.value === '<<') continue;
    const name = String(key.value);
    if (seen.has(name)) return { name, offset: key.range?.[0] ?? 0 };
    seen.add(name);
  }
  return undefined;
}

function checkTree(document: Document.Parsed, text: string, origin: Origin): void {
  const open: { node: unknown; depth: number }[] = [{ node: document.contents, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > MAX_DEPTH) throw tooDeep(origin);
    if (isMap(node)) {
      const duplicate = duplicateKey(node);
      if (duplicate !== undefined) {
        throw refusedAt(`The key ${JSON.stringify(duplicate.name)} appears twice in one mapping`, {
          code: 'E_DUPLICATE_KEY',
          text,
          origin,
          position: positionAt(text, duplicate.offset),
          path: [duplicate.name],
        });
      }
    }
    if (isCollection(node)) {
      for (const item of node.items) {
        open.push({ node: isPair(item) ? item.value : item, depth: depth + 1 });
      }
    }
  }
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let at: unknown = document.contents;
  for (const key of path) {
    const step = typeof key === 'symbol' ? String(key) : key;
    const next: unknown = isMap(at) || isSeq(at) ? at.get(step, true) : undefined;
    if (!isNode(next)) break;
    at = next;
  }
  return (isNode(at) ? at.range?.[0] : undefined) ?? 0;
}

function valueOf(document: Document.Parsed, origin: Origin): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new ConfigError('Aliases multiply the values of this file too often', {
      code: 'E_TOO_LARGE',
      ...origin,
      cause: error,
    });
  }
}

function parse(text: string, origin: Origin): ParsedDocument {
  if (opensTooMany(text)) throw tooDeep(origin);
  const document = parseDocument(text, {
    lineCounter: new LineCounter(),
    logLevel: 'error',
    merge: true,
    prettyErrors: false,
    strict: true,
    uniqueKeys: false,
  });
  // A warning is an unresolved tag: its value would silently be another one than the author meant.
  const complaint = document.errors[0] ?? document.warnings[0];
  if (complaint !== undefined) {
    throw refusedAt(`This is not valid YAML: ${complaint.message}`, {
      code: 'E_PARSE',
      text,
      origin,
      position: positionAt(text, complaint.pos[0]),
      cause: complaint,
    });
  }
  checkTree(document, text, origin);
  return {
    // A file of comments alone is a file with every setting commented out.
    value: document.contents === null ? {} : valueOf(document, origin),
    locate: (path) => positionAt(text, offsetOf(document, path)),
  };
}

/** YAML 1.2, one document, with merge keys; custom tags are refused. */
export const yamlParser: Parser = { format: 'yaml', extensions: ['.yaml', '.yml'], parse };
