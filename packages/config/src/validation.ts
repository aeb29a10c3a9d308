import type { StandardSchemaV1 } from '@standard-schema/spec';
import { codeFrame } from './code-frame.ts';
import type { LayerDocument } from './decode.ts';
import { ConfigError } from './errors.ts';
import type { Issue } from './errors.ts';

function depthIn(value: unknown, path: readonly PropertyKey[]): number {
  let at = value;
  for (const [depth, key] of path.entries()) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return depth;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return path.length;
}

/** The file to blame for a path: the one that reaches deepest into it; of equals, the one that wins the merge. */
function blamed(
  documents: readonly LayerDocument[],
  path: readonly PropertyKey[],
): LayerDocument | undefined {
  let best: LayerDocument | undefined;
  let bestDepth = -1;
  for (const document of documents) {
    const depth = depthIn(document.value, path);
    if (depth >= bestDepth) {
      best = document;
      bestDepth = depth;
    }
  }
  // A path that no file even begins is a matter of a value layer, unless there is one file only.
  return bestDepth > 0 || path.length === 0 || documents.length === 1 ? best : undefined;
}

function located(issue: StandardSchemaV1.Issue, documents: readonly LayerDocument[]): Issue {
  const path = (issue.path ?? []).map((segment) =>
    typeof segment === 'object' ? segment.key : segment,
  );
  const { message } = issue;
  const source = blamed(documents, path);
  if (source === undefined) return { message, path };
  const position = source.locate(path);
  return {
    message,
    path,
    file: source.origin.file,
    ...(position === undefined ? {} : { position }),
  };
}

function refusal(issues: readonly Issue[], documents: readonly LayerDocument[]): ConfigError {
  const [first] = issues;
  if (first === undefined) {
    return new ConfigError('The schema refused the configuration without saying why', {
      code: 'E_SCHEMA',
    });
  }
  const where = first.path.length === 0 ? '' : `${first.path.map(String).join('.')}: `;
  const more = issues.length === 1 ? '' : ` (and ${issues.length - 1} more)`;
  const source = documents.find(({ origin }) => origin.file === first.file);
  return new ConfigError(`${where}${first.message}${more}`, {
    code: 'E_SCHEMA',
    issues,
    ...source?.origin,
    ...(first.position === undefined ? {} : { position: first.position }),
    ...(first.position === undefined || source === undefined
      ? {}
      : { frame: codeFrame(source.text, first.position) }),
  });
}

/**
 * Validates a merged value.
 *
 * @throws ConfigError with the code `E_SCHEMA`; each issue names the file and place of its value.
 */
export async function validate<T>(
  schema: StandardSchemaV1<unknown, T>,
  value: unknown,
  documents: readonly LayerDocument[],
): Promise<T> {
  let result: StandardSchemaV1.Result<T>;
  try {
    result = await schema['~standard'].validate(value);
  } catch (error) {
    throw new ConfigError('The schema itself failed', { code: 'E_SCHEMA', cause: error });
  }
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map((issue) => located(issue, documents));
  const order = documents.map(({ origin }) => origin.file);
  // Vendors order issues differently; readers go through a file from top to bottom.
  issues.sort(
    (a, b) =>
      order.indexOf(a.file ?? '') - order.indexOf(b.file ?? '') ||
      (a.position?.offset ?? 0) - (b.position?.offset ?? 0),
  );
  throw refusal(issues, documents);
}
