const bareOrQuoted = /[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'/uy;

interface DottedKey {
  readonly keys: readonly string[];
  /** Offset just after the key. */
  readonly end: number;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

function unquoted(token: string): string {
  if (token.startsWith("'")) return token.slice(1, -1);
  if (!token.startsWith('"')) return token;
  // TOML's escapes are JSON's and `\U`, `\e`, `\x`; a key with one of those is merely not located.
  return /\\[Uex]/u.test(token) ? token.slice(1, -1) : (JSON.parse(token) as string);
}

function dottedKey(text: string, from: number): DottedKey | undefined {
  const keys: string[] = [];
  for (let at = skipBlanks(text, from); ; at = skipBlanks(text, at + 1)) {
    bareOrQuoted.lastIndex = at;
    const token = bareOrQuoted.exec(text)?.[0];
    if (token === undefined) return undefined;
    keys.push(unquoted(token));
    at = skipBlanks(text, at + token.length);
    if (text[at] !== '.') return { keys, end: at };
  }
}

/** The offset just after a string that starts at `from`. */
function endOfString(text: string, from: number): number {
  const quote = text[from] ?? '';
  const fence = text.startsWith(quote.repeat(3), from) ? quote.repeat(3) : quote;
  let at = from + fence.length;
  while (at < text.length && !text.startsWith(fence, at)) {
    at += quote === '"' && text[at] === '\\' ? 2 : 1;
  }
  at += fence.length;
  while (fence.length === 3 && text[at] === quote) at++;
  return at;
}

/** The offset of the line break that ends a value or a comment, looking through strings and brackets. */
function endOfStatement(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const char = text[at];
    if (char === '"' || char === "'") {
      at = endOfString(text, at);
      continue;
    }
    if (char === '#') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
      continue;
    }
    if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    else if (char === '\n' && depth <= 0) return at;
    at++;
  }
  return at;
}

/**
 * Where the values of a *valid* TOML text stand: offsets by the JSON of their path. The parser keeps
 * no positions. Values inside inline tables and arrays are not listed, only what encloses them.
 */
export function tomlOffsets(text: string): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  const counts = new Map<string, number>();
  let table: readonly string[] = [];

  /** Prefixes that are arrays of tables get the index of their newest element. */
  const resolve = (keys: readonly string[]): string[] => {
    const path: string[] = [];
    for (const key of keys) {
      path.push(key);
      const count = counts.get(JSON.stringify(path));
      if (count !== undefined) path.push(String(count - 1));
    }
    return path;
  };
  const note = (path: readonly string[], offset: number): void => {
    const id = JSON.stringify(path);
    if (!offsets.has(id)) offsets.set(id, offset);
  };

  for (let at = 0; at < text.length; at = endOfStatement(text, at) + 1) {
    at = skipBlanks(text, at);
    if (text[at] === '[') {
      const array = text[at + 1] === '[';
      const header = dottedKey(text, at + (array ? 2 : 1));
      if (header === undefined) continue;
      if (array) {
        const id = JSON.stringify([...resolve(header.keys.slice(0, -1)), ...header.keys.slice(-1)]);
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      table = resolve(header.keys);
      note(table, at);
      at = header.end + (array ? 2 : 1);
      continue;
    }
    const key = dottedKey(text, at);
    if (key === undefined || text[key.end] !== '=') continue;
    const value = skipBlanks(text, key.end + 1);
    for (let length = 1; length <= key.keys.length; length++) {
      note([...table, ...key.keys.slice(0, length)], value);
    }
  }
  return offsets;
}
