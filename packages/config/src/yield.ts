import type { LayerDocument } from './decode.ts';
import { ConfigError } from './errors.ts';
import type { ResolvedFileLayer } from './layer.ts';
import type { Observation } from './observation.ts';

/** What a source gives to a load: a document, nothing, or the reason why not. */
export type Yield =
  | { readonly ok: true; readonly document: LayerDocument | undefined }
  | { readonly ok: false; readonly error: ConfigError };

/** What a file layer gives when there is no content to parse. */
export function yieldWithout(
  observation: Exclude<Observation, { kind: 'content' }>,
  facts: {
    readonly layer: ResolvedFileLayer;
    /** The last good content. */
    readonly good: LayerDocument | undefined;
    /** Whether the file has been gone for longer than its layer allows. */
    readonly graceOver: boolean;
  },
): Yield {
  const { good, graceOver, layer } = facts;
  const file = layer.path;
  if (observation.kind === 'oversize') {
    return {
      ok: false,
      error: new ConfigError(`The file is larger than ${layer.maxBytes} bytes`, {
        code: 'E_TOO_LARGE',
        file,
        remedy: 'shrink it or raise guard.maxBytes of its layer',
      }),
    };
  }
  if (observation.kind === 'failed') {
    return {
      ok: false,
      error: new ConfigError(`The file cannot be read: ${observation.error.message}`, {
        code: 'E_READ',
        file,
        transient: true,
        remedy: 'check that it is a regular file this process may read',
        cause: observation.error,
      }),
    };
  }
  if (!graceOver && (good !== undefined || !layer.required)) {
    return { ok: true, document: layer.onMissing === 'empty' ? undefined : good };
  }
  return {
    ok: false,
    error: new ConfigError('The file does not exist', {
      code: 'E_NOT_FOUND',
      file,
      transient: true,
      remedy: 'create it, or mark its layer as not required',
    }),
  };
}
