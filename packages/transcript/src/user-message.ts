import type { ContentBlock } from './content-block.ts';
import type { MessageBase } from './message-base.ts';

/** Where a prompt came from; `unknown` when the record does not tell. */
export type PromptOrigin =
  | 'typed'
  | 'queued'
  | 'system'
  | 'sdk'
  | 'ide'
  | 'compact-summary'
  | 'unknown';

/** Something said to the agent. */
export interface UserPromptMessage extends MessageBase<'user-prompt'> {
  /** Its words; those of several text blocks are joined by newlines. */
  readonly text: string;
  /** What it holds besides its words, in order: images, documents, blocks of other types. Never a text block, so that no word is held twice. */
  readonly blocks: readonly ContentBlock[];
  /** Written by the agent's program, not by a person. */
  readonly isMeta: boolean;
  /** Where it came from. */
  readonly origin: PromptOrigin;
}

/** The answer to one tool call. */
export interface ToolResult {
  /** The call it answers; empty when the record has none. */
  readonly toolUseId: string;
  /** Whether the tool failed. */
  readonly isError: boolean;
  /** The answer. */
  readonly content: readonly ContentBlock[];
}

/** How a subagent ended, as its parent recorded it. */
export interface SubagentResult {
  /** The subagent. */
  readonly agentId: string;
  /** How it ended (`completed`), or `null`. */
  readonly status: string | null;
  /** How long it took, in milliseconds, or `null`. */
  readonly durationMs: number | null;
  /** Tokens it used, or `null`. */
  readonly tokens: number | null;
}

/** Answers of tools. */
export interface UserToolResultMessage extends MessageBase<'user-tool-result'> {
  /** The answers, in order. */
  readonly results: readonly ToolResult[];
  /** Present when a subagent answered, else `null`. */
  readonly subagent: SubagentResult | null;
  /** Path of a file that holds the whole output, or `null`. Untrusted: check it against the session's directory before opening. */
  readonly spill: string | null;
}
