/** Longest line that is parsed, in bytes; a longer one is `malformed` with the reason `oversize`. Larger than any record seen in the wild (7 MB) with room. */
export const MAX_LINE_BYTES: number = 32 * 1024 * 1024;

/** Longest text kept of one string, in UTF-16 units; one message stays far below what a database row or a network frame chokes on. */
export const MAX_TEXT_CHARS: number = 1024 * 1024;

/** Longest path, model name or other short field, in UTF-16 units: the longest path of common systems. */
export const MAX_FIELD_CHARS = 4096;

/** Longest identifier, in UTF-16 units; a longer one cannot be an identifier and is taken as absent. */
export const MAX_ID_CHARS = 256;

/** Longest preview of a malformed line, in UTF-16 units: what fits two lines of a terminal. */
export const MAX_PREVIEW_CHARS = 200;

/** Deepest nesting kept of a tool's input; `JSON.stringify` overflows the stack on what `JSON.parse` still accepts. */
export const MAX_DEPTH = 64;

/** Most values (object entries and array elements, nested ones included) kept of a tool's input. */
export const MAX_VALUES = 10_000;

/** Most content blocks kept of one record; real ones hold one to a few dozen. */
export const MAX_BLOCKS = 1000;

/** Most starts tried when a broken line is searched for whole records; bounds the work that one line can cost. */
export const MAX_SPLICE_CANDIDATES = 64;

/** How far into the unexplained middle of a broken line starts are searched for, in bytes; bounds the work that one line can cost. */
export const MAX_SPLICE_SEARCH_BYTES: number = 1024 * 1024;

/** Bytes looked at behind all starts in that middle together: some 20 ms of work at most. */
export const MAX_SPLICE_SCAN_BYTES: number = 8 * 1024 * 1024;
