const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lossy = new TextDecoder('utf-8', { ignoreBOM: true });

/** Decodes UTF-8, or gives `null` when a byte is wrong. A byte order mark stays. */
export function decodeStrict(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    // The only failure of a fatal decoder is invalid input.
    return null;
  }
}

/** Decodes UTF-8 with U+FFFD for what is wrong. */
export function decodeLossy(bytes: Uint8Array): string {
  return lossy.decode(bytes);
}
