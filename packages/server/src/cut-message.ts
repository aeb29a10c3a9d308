import type { ParsedMessage } from '@watchkeeper/transcript';

/** Texts and lists are cut to these sizes in turn until the message fits. */
const LIMITS: readonly { readonly characters: number; readonly elements: number }[] = [
  { characters: 16 * 1024, elements: 256 },
  { characters: 1024, elements: 32 },
  { characters: 128, elements: 8 },
];

/** Deeper values become `null`; no real message comes near it, a hostile one would exhaust the stack. */
const MAX_DEPTH = 32;

/** A plain JSON object. */
type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Shortens a message so that its JSON takes at most `maxBytes`. The shape stays: texts and lists only
 * get shorter. What does not fit even then is reduced to its `kind` and its place in the file.
 */
export function cutMessage(message: ParsedMessage, maxBytes: number): JsonObject {
  for (const limit of LIMITS) {
    const cut = Object.fromEntries(
      Object.entries(message).map(([name, value]) => [name, cutValue(value, limit, 1)]),
    );
    if (jsonBytes(cut) <= maxBytes) return cut;
  }
  return { kind: message.kind, lineIndex: message.lineIndex };
}

/** Size of a value as JSON, in bytes. */
export function jsonBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).byteLength;
}

const encoder = new TextEncoder();

function cutValue(value: unknown, limit: (typeof LIMITS)[number], depth: number): unknown {
  if (typeof value === 'string') {
    return value.length <= limit.characters ? value : `${value.slice(0, limit.characters)}…`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) {
    return value.slice(0, limit.elements).map((element) => cutValue(element, limit, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, limit.elements)
      .map(([name, member]) => [name, cutValue(member, limit, depth + 1)]),
  );
}
