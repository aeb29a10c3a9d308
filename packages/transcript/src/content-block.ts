/** Words. */
export interface TextBlock {
  /** Which block. */
  readonly type: 'text';
  /** The words. */
  readonly text: string;
}

/** The model's reasoning. */
export interface ThinkingBlock {
  /** Which block. */
  readonly type: 'thinking';
  /** The reasoning; may be empty. */
  readonly thinking: string;
  /** The vendor's signature, or `null`. */
  readonly signature: string | null;
}

/** A call of a tool. */
export interface ToolUseBlock {
  /** Which block. */
  readonly type: 'tool_use';
  /** Identity of the call; empty when the record has none. */
  readonly id: string;
  /** Name of the tool; empty when the record has none. */
  readonly name: string;
  /** What the tool was given: any JSON value, capped in depth and size. */
  readonly input: unknown;
}

/** What a tool answered. */
export interface ToolResultBlock {
  /** Which block. */
  readonly type: 'tool_result';
  /** The call it answers; empty when the record has none. */
  readonly toolUseId: string;
  /** Whether the tool failed. */
  readonly isError: boolean;
  /** The answer. */
  readonly content: readonly ContentBlock[];
}

/** An image or document: its kind and size, never its bytes. */
export interface MediaBlock {
  /** Which block. */
  readonly type: 'image' | 'document';
  /** Media type (`image/png`), or `null`. */
  readonly mediaType: string | null;
  /** Size in bytes once decoded; 0 when it is not embedded. */
  readonly bytes: number;
}

/** A block of a type that is not known here. */
export interface OtherBlock {
  /** Which block. */
  readonly type: 'other';
  /** The block's own type; `empty` for a record without blocks, `unknown` for one without a type. */
  readonly tag: string;
}

/** One piece of a message's content. */
export type ContentBlock =
  | TextBlock
  | ThinkingBlock
  | ToolUseBlock
  | ToolResultBlock
  | MediaBlock
  | OtherBlock;
