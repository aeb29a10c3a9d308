import { extname, resolve } from 'node:path';
import { DEFAULT_MAX_BYTES } from './decode.ts';
import type { Parser } from './parser.ts';
import { jsonParser, jsoncParser } from './parsers/json.ts';
import { tomlParser } from './parsers/toml.ts';
import { yamlParser } from './parsers/yaml.ts';
import { refusal, requireFlag, requireKnownKeys, requireObject } from './option-check.ts';
import { isPlainObject } from './plain.ts';
import type { PlainObject } from './plain.ts';
import { DEFAULT_MISSING_GRACE_MS, requireDuration } from './timing.ts';

/** Formats that are read without further packages. */
export type Format = 'json' | 'jsonc' | 'yaml' | 'toml';

/** Hard limits of one file. */
export interface Guard {
  /** Largest file that is read, in bytes. @defaultValue `1048576` */
  readonly maxBytes?: number;
}

/** Values that any later layer may replace. */
export interface DefaultsLayer {
  /** Tells the layers apart. */
  readonly kind: 'defaults';
  /** The values, or a function that is called at each load. */
  readonly value: object | (() => object);
}

/** A file. */
export interface FileLayer {
  /** Tells the layers apart. */
  readonly kind: 'file';
  /** Path of the file; relative ones are resolved when the manager is created. Symlinks are followed anew at each look. */
  readonly path: string;
  /** How to read it. @defaultValue by the extension: `.json`, `.jsonc`, `.yaml`, `.yml`, `.toml` */
  readonly format?: Format;
  /** Whether the first load fails without it. @defaultValue `true` */
  readonly required?: boolean;
  /** Whether changes of it are noticed. @defaultValue `true` */
  readonly watch?: boolean;
  /**
   * What a file means that was there and is gone. `keep`: its last good content stays. `empty`: the
   * layer holds nothing. `error`: its last content stays for `missingGraceMs`, then the load is refused.
   *
   * @defaultValue `'keep'`
   */
  readonly onMissing?: 'keep' | 'empty' | 'error';
  /** Time that `onMissing: 'error'` waits, in milliseconds. @defaultValue `10000` */
  readonly missingGraceMs?: number;
  /** Hard limits. */
  readonly guard?: Guard;
}

/** Values that win over every layer before them, such as parsed command line flags. */
export interface FlagsLayer {
  /** Tells the layers apart. */
  readonly kind: 'flags';
  /** The values. */
  readonly value: object;
}

/** One source of settings. A list of layers goes from lowest to highest precedence. */
export type Layer = DefaultsLayer | FileLayer | FlagsLayer;

/** A {@link FileLayer} with its defaults filled in. */
export interface ResolvedFileLayer {
  readonly kind: 'file';
  readonly id: string;
  readonly path: string;
  readonly parser: Parser;
  readonly required: boolean;
  readonly watch: boolean;
  readonly onMissing: 'keep' | 'empty' | 'error';
  readonly missingGraceMs: number;
  readonly maxBytes: number;
}

/** A layer of values, evaluated at each load. */
export interface ResolvedValueLayer {
  readonly kind: 'value';
  readonly value: () => PlainObject;
}

/** A layer as the loader takes it. */
export type ResolvedLayer = ResolvedFileLayer | ResolvedValueLayer;

/** Every key of a file layer; one that is missing here does not compile. */
const FILE_KEYS: Readonly<Record<keyof FileLayer, true>> = {
  kind: true,
  path: true,
  format: true,
  required: true,
  watch: true,
  onMissing: true,
  missingGraceMs: true,
  guard: true,
};

const GUARD_KEYS: readonly (keyof Guard)[] = ['maxBytes'];

const VALUE_KEYS: readonly (keyof DefaultsLayer & keyof FlagsLayer)[] = ['kind', 'value'];

const parsers: readonly Parser[] = [jsonParser, jsoncParser, yamlParser, tomlParser];

function parserFor(layer: FileLayer, option: string): Parser {
  const extension = extname(layer.path).toLowerCase();
  const found = parsers.find((parser) =>
    layer.format === undefined
      ? parser.extensions.includes(extension)
      : parser.format === layer.format,
  );
  if (found !== undefined) return found;
  if (layer.format === undefined) {
    const known = parsers.flatMap((parser) => parser.extensions).join(', ');
    throw new TypeError(
      `${option}.path: wanted an extension out of ${known}, or a format beside it, got ${layer.path}`,
    );
  }
  const known = parsers.map((parser) => parser.format).join(', ');
  throw refusal(`${option}.format`, `one of ${known}`, layer.format);
}

function plainObject(value: unknown, option: string): PlainObject {
  if (isPlainObject(value)) return value;
  throw refusal(`${option}.value`, 'a plain object', value);
}

function fileLayer(layer: FileLayer, index: number): ResolvedFileLayer {
  const option = `layers[${index}]`;
  if (typeof layer.path !== 'string' || layer.path === '') {
    throw refusal(`${option}.path`, 'a path', layer.path);
  }
  requireKnownKeys(option, layer, Object.keys(FILE_KEYS));
  if (layer.guard !== undefined) requireKnownKeys(`${option}.guard`, layer.guard, GUARD_KEYS);
  requireFlag(`${option}.required`, layer.required);
  requireFlag(`${option}.watch`, layer.watch);
  const { missingGraceMs = DEFAULT_MISSING_GRACE_MS, onMissing = 'keep' } = layer;
  const { maxBytes = DEFAULT_MAX_BYTES } = layer.guard ?? {};
  requireDuration(`${option}.missingGraceMs`, missingGraceMs);
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) {
    throw refusal(`${option}.guard.maxBytes`, 'a number of bytes above 0', maxBytes);
  }
  if (!['keep', 'empty', 'error'].includes(onMissing)) {
    throw refusal(`${option}.onMissing`, 'keep, empty or error', onMissing);
  }
  return {
    kind: 'file',
    id: `${index}:${layer.path}`,
    path: resolve(layer.path),
    parser: parserFor(layer, option),
    required: layer.required ?? true,
    watch: layer.watch ?? true,
    onMissing,
    missingGraceMs,
    maxBytes,
  };
}

/** Fills in the defaults of the layers and refuses what cannot be loaded. */
export function resolveLayers(layers: readonly Layer[]): readonly ResolvedLayer[] {
  if (!Array.isArray(layers) || layers.length === 0) {
    throw refusal('layers', 'at least one layer', layers);
  }
  return layers.map((layer: Layer, index): ResolvedLayer => {
    requireObject(`layers[${index}]`, layer);
    switch (layer.kind) {
      case 'file':
        return fileLayer(layer, index);
      case 'defaults':
      case 'flags': {
        const { value } = layer;
        const option = `layers[${index}]`;
        requireKnownKeys(option, layer, VALUE_KEYS);
        if (typeof value === 'function') {
          return { kind: 'value', value: () => plainObject((value as () => unknown)(), option) };
        }
        const fixed = plainObject(value, option);
        return { kind: 'value', value: () => fixed };
      }
      default:
        throw refusal(
          `layers[${index}].kind`,
          'defaults, file or flags',
          (layer as { readonly kind?: unknown }).kind,
        );
    }
  });
}
