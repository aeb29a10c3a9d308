import { describe, expect, test } from 'vitest';
import { sha256 } from '../src/canonical.ts';
import { readDocument } from '../src/decode.ts';
import { isConfigError } from '../src/errors.ts';
import type { ConfigError, ConfigErrorCode } from '../src/errors.ts';
import type { Parser } from '../src/parser.ts';
import { jsonParser, jsoncParser } from '../src/parsers/json.ts';
import { tomlParser } from '../src/parsers/toml.ts';
import { yamlParser } from '../src/parsers/yaml.ts';

const parsers = { json: jsonParser, jsonc: jsoncParser, yaml: yamlParser, toml: tomlParser };
type Name = keyof typeof parsers;

function read(format: Name, content: string | Uint8Array): ReturnType<typeof readDocument> {
  const bytes = Buffer.from(content);
  const parser: Parser = parsers[format];
  return readDocument(bytes, parser, { file: `app.${format}`, hash: sha256(bytes) });
}

function refusal(format: Name, content: string | Uint8Array): ConfigError {
  try {
    read(format, content);
  } catch (error) {
    if (isConfigError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('formats', () => {
  const settings = { server: { port: 80, hosts: ['a', 'b'] }, debug: true };
  test.each<[Name, string]>([
    ['json', '{"server":{"port":80,"hosts":["a","b"]},"debug":true}'],
    [
      'jsonc',
      '{ // listens\n "server": {"port": 80, "hosts": ["a", "b",]}, /* on */ "debug": true,}',
    ],
    ['yaml', 'server: &s\n  port: 80\n  hosts: [a, b]\ndebug: true\n'],
    ['toml', 'debug = true\n[server]\nport = 80\nhosts = ["a", "b"]\n'],
    ['yaml', '\uFEFFserver:\r\n  port: 80\r\n  hosts:\r\n    - a\r\n    - b\r\ndebug: true\r\n'],
  ])('%s is read', (format, text) => {
    expect(read(format, text).value).toEqual(settings);
  });

  test.each<[Name, string]>([
    ['yaml', '# port: 80\n'],
    ['toml', '# port = 80\n'],
  ])('%s with every setting commented out is an empty mapping', (format, text) => {
    expect(read(format, text).value).toEqual({});
  });

  test('merge keys of YAML are honoured', () => {
    expect(read('yaml', 'base: &b {a: 1, b: 1}\nx:\n  <<: *b\n  b: 2\n').value).toEqual({
      base: { a: 1, b: 1 },
      x: { a: 1, b: 2 },
    });
  });
});

describe('what is refused by name, in every format', () => {
  const all: readonly Name[] = ['json', 'jsonc', 'yaml', 'toml'];
  const contents: Readonly<Record<string, readonly [string | Uint8Array, ConfigErrorCode]>> = {
    'an empty file': ['', 'E_EMPTY'],
    blanks: [' \n\t\r\n', 'E_EMPTY'],
    'NUL bytes': [new Uint8Array(4096), 'E_ENCODING'],
    'one NUL byte': ['a\0b', 'E_ENCODING'],
    'UTF-16': [Buffer.from('\uFEFFport: 80', 'utf16le'), 'E_ENCODING'],
    'bytes that are no UTF-8': [Uint8Array.of(0x61, 0xff, 0x62), 'E_ENCODING'],
  };
  describe.each(all)('%s', (format) => {
    test.each(Object.keys(contents))('%s', (title) => {
      const [content, code] = contents[title]!;
      expect(refusal(format, content)).toMatchObject({ code, file: `app.${format}` });
    });
  });
});

describe('what is refused at its line and column', () => {
  test.each<[Name, string, ConfigErrorCode, string, string]>([
    ['json', 'half-written', 'E_PARSE', '2:13', '{\n  "port": 80'],
    ['json', 'a comment', 'E_PARSE', '1:2', '{/* no */ "port": 80}'],
    ['json', 'a trailing comma', 'E_PARSE', '1:13', '{"port": 80,}'],
    ['json', 'a repeated key', 'E_DUPLICATE_KEY', '2:3', '{"port": 1,\n  "port": 2}'],
    ['jsonc', 'a repeated key', 'E_DUPLICATE_KEY', '3:2', '{"port": 1, // one\n\n "port": 2}'],
    ['yaml', 'a repeated key', 'E_DUPLICATE_KEY', '3:3', 'log:\n  level: info\n  level: warn\n'],
    ['yaml', 'a broken flow', 'E_PARSE', '2:1', 'hosts: [a, b\n'],
    ['yaml', 'an unknown tag', 'E_PARSE', '1:7', 'port: !secret 80\n'],
    ['yaml', 'two documents', 'E_PARSE', '2:1', 'port: 80\n---\nport: 81\n'],
    ['toml', 'a repeated key', 'E_DUPLICATE_KEY', '2:1', 'port = 1\nport = 2\n'],
    ['toml', 'a half-written line', 'E_PARSE', '2:8', 'port = 1\nname = "ap'],
    ['toml', 'an integer a double cannot hold', 'E_PARSE', '1:10', 'number = 9007199254740993\n'],
    ['json', '__proto__', 'E_UNSAFE_KEY', '1:21', '{"a": {"__proto__": {"polluted": 1}}}'],
    ['jsonc', '__proto__', 'E_UNSAFE_KEY', '1:15', '{"__proto__": {"polluted": 1}}'],
    ['yaml', '__proto__', 'E_UNSAFE_KEY', '1:12', '__proto__: {polluted: 1}\n'],
    ['toml', '__proto__', 'E_UNSAFE_KEY', '1:1', '[__proto__]\npolluted = 1\n'],
    ['yaml', 'constructor.prototype', 'E_UNSAFE_KEY', '2:3', 'constructor:\n  prototype: {x: 1}\n'],
    ['json', 'a list at the top', 'E_PARSE', '1:1', '[1, 2]'],
    ['yaml', 'a scalar at the top', 'E_PARSE', '1:1', 'port\n'],
  ])('%s: %s', (format, _title, code, place, text) => {
    const error = refusal(format, text);
    const { column, line } = error.position ?? { line: 0, column: 0 };
    expect({ code: error.code, place: `${line}:${column}` }).toEqual({ code, place });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('a key called constructor is fine as long as it reaches no prototype', () => {
    expect(read('yaml', 'constructor: ford\n').value).toEqual({ constructor: 'ford' });
  });
});

describe('what is too large', () => {
  const nested = '['.repeat(100_000) + ']'.repeat(100_000);
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const [index, name] of ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].entries()) {
    const before = 'abcdefgh'[index] ?? '';
    bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`);
  }
  test.each<[string, Name, string]>([
    ['deep JSON', 'json', `{"a": ${nested}}`],
    ['deep YAML', 'yaml', `a: ${nested}\n`],
    ['deep TOML', 'toml', `a = ${nested}\n`],
    ['a bomb of aliases', 'yaml', bomb.join('\n')],
    ['an endless alias', 'yaml', 'a: &a [*a]\n'],
    ['a flood of values', 'json', `{"a": [${'1,'.repeat(300_000)}1]}`],
  ])('%s is refused', (_title, format, text) => {
    expect(refusal(format, text).code).toBe('E_TOO_LARGE');
  });
});

describe('where values stand', () => {
  const toml = [
    'title = "x" # [no.table]',
    'text = """',
    '[not.a.table]',
    '"""',
    'list = [',
    '  1, # ]',
    '  "]",',
    ']',
    'a."b c".d = 3',
    '[server]',
    'port = 80',
    '[[peers]]',
    'host = "one"',
    '[[peers]]',
    'host = "two"',
    '[peers.limits]',
    'rate = 5',
    "'quoted' = 1",
  ].join('\n');
  test.each<[Name, string, readonly PropertyKey[], string]>([
    ['json', '{\n  "a": {\n    "port": 70000\n  }\n}', ['a', 'port'], '3:13'],
    ['json', '{\n  "a": {\n    "port": 70000\n  }\n}', ['a', 'absent'], '2:8'],
    ['json', '{"list": [1, 2]}', ['list', 1], '1:14'],
    ['yaml', 'server:\n  port: 70000\n', ['server', 'port'], '2:9'],
    ['yaml', 'list:\n  - a\n  - b\n', ['list', 1], '3:5'],
    ['toml', toml, ['title'], '1:9'],
    ['toml', toml, ['list'], '5:8'],
    ['toml', toml, ['a', 'b c', 'd'], '9:13'],
    ['toml', toml, ['server'], '10:1'],
    ['toml', toml, ['server', 'port'], '11:8'],
    ['toml', toml, ['server', 'absent'], '10:1'],
    ['toml', toml, ['peers', 0, 'host'], '13:8'],
    ['toml', toml, ['peers', 1, 'host'], '15:8'],
    ['toml', toml, ['peers', 1, 'limits', 'rate'], '17:8'],
    ['toml', toml, ['not', 'a', 'table'], '1:1'],
    ['toml', toml, ['peers', 1, 'limits', 'quoted'], '18:12'],
  ])('%s: %#', (format, text, path, place) => {
    const { column, line } = read(format, text).locate(path) ?? { line: 0, column: 0 };
    expect(`${line}:${column}`).toBe(place);
  });
});

test('twenty thousand keys in one YAML mapping are read', () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `key${index}: ${index}`).join('\n');
  expect(Object.keys(read('yaml', text).value)).toHaveLength(20_000);
});
