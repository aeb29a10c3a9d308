import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ConfigFs } from './config-fs.ts';
import { ConfigError, isConfigError } from './errors.ts';
import { FileSource } from './file-source.ts';
import type { LookFacts } from './file-source.ts';
import type { ResolvedLayer } from './layer.ts';
import { merge } from './merge.ts';
import type { PlainObject } from './plain.ts';
import type { SourceState } from './snapshot.ts';
import { validate } from './validation.ts';
import type { LayerDocument } from './decode.ts';

/** What one look at all files came to. */
export type Look =
  /** Nothing differs from what was judged last. */
  | { readonly kind: 'same' }
  /** Something differs and is not proved yet. */
  | { readonly kind: 'unproved'; readonly againAt: number; readonly restarted: boolean }
  /** Something differs and may be loaded. */
  | { readonly kind: 'proved' };

/** What one load came to. */
export type Load<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ConfigError };

/** All layers of one configuration: looks at them, and builds one validated value from them. */
export class Loader<T> {
  readonly #layers: readonly ResolvedLayer[];
  readonly #schema: StandardSchemaV1<unknown, T>;
  readonly #sources: ReadonlyMap<ResolvedLayer, FileSource>;
  #committed = false;

  constructor(
    layers: readonly ResolvedLayer[],
    schema: StandardSchemaV1<unknown, T>,
    fs: ConfigFs,
  ) {
    this.#layers = layers;
    this.#schema = schema;
    this.#sources = new Map(
      layers.flatMap((layer) =>
        layer.kind === 'file' ? [[layer, new FileSource(layer, fs)] as const] : [],
      ),
    );
  }

  /** File reads since the start. */
  get reads(): number {
    return this.#sources.values().reduce((sum, source) => sum + source.reads, 0);
  }

  /** What is known of each file layer. */
  states(): readonly SourceState[] {
    return [...this.#sources.values()].map((source) => source.state());
  }

  /** Looks at every file. Only one look or load may be under way at a time. */
  async look(facts: LookFacts): Promise<Look> {
    let changed = facts.force || !this.#committed;
    let againAt: number | undefined;
    let restarted = false;
    for (const source of this.#sources.values()) {
      const look = await source.look(facts);
      if (look.kind === 'same') continue;
      changed = true;
      if (look.proof.proved) continue;
      againAt = Math.min(againAt ?? Infinity, look.proof.againAt);
      restarted ||= look.restarted;
    }
    if (againAt !== undefined) return { kind: 'unproved', againAt, restarted };
    return { kind: changed ? 'proved' : 'same' };
  }

  /** Merges and validates what the last look proved. */
  async load(): Promise<Load<T>> {
    try {
      const documents: LayerDocument[] = [];
      let merged: PlainObject = {};
      for (const layer of this.#layers) {
        if (layer.kind === 'value') {
          merged = merge(merged, layer.value());
          continue;
        }
        const yields = this.#sources.get(layer)?.yields();
        if (yields === undefined) continue;
        if (!yields.ok) return yields;
        if (yields.document === undefined) continue;
        documents.push(yields.document);
        merged = merge(merged, yields.document.value);
      }
      return { ok: true, value: await validate(this.#schema, merged, documents) };
    } catch (error) {
      if (isConfigError(error)) return { ok: false, error };
      // Only a caller's own `defaults` function can throw here.
      return {
        ok: false,
        error: new ConfigError('A layer of values could not be evaluated', {
          code: 'E_SCHEMA',
          cause: error,
        }),
      };
    }
  }

  /** Whether every file is still as it was when it was read: all files of one value belong together. */
  async verify(): Promise<boolean> {
    const found = await Promise.all(
      [...this.#sources.values()].map(async (source) => source.stillThere()),
    );
    return found.every(Boolean);
  }

  /** Ends a load: what was loaded counts as judged, and is served if the load was good. */
  commit(good: boolean): void {
    this.#committed = true;
    for (const source of this.#sources.values()) source.commit(good);
  }
}
