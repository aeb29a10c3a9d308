import type { ContentBlock } from './content-block.ts';
import type { ParsedMessage } from './message.ts';
import type { TokenTotals } from './token-totals.ts';
import type { TokenUsage } from './token-usage.ts';

/** One exchange: a prompt and all that was done for it. */
export interface Turn {
  /** 0-based. */
  readonly turnIndex: number;
  /** The prompt's words. */
  readonly promptText: string;
  /** The prompt's record, or `null`. */
  readonly promptUuid: string | null;
  /** Line of the prompt. */
  readonly lineIndexStart: number;
  /** Last line of the turn. */
  readonly lineIndexEnd: number;
  /** When the prompt was written, or `null`. */
  readonly startedAt: string | null;
  /** How long it took as the agent measured it, in milliseconds, or `null` while it has not ended. */
  readonly durationMs: number | null;
  /** Responses of the model. */
  readonly responseCount: number;
  /** Calls of tools. */
  readonly toolUseCount: number;
}

/** One response of the model, put together again from its blocks. */
export interface ReconstitutedResponse {
  /** Its identity, or `null` when the records have none; then each record is a response. */
  readonly messageId: string | null;
  /** The request it answers, or `null`. */
  readonly requestId: string | null;
  /** The model, or `null`. */
  readonly model: string | null;
  /** Its blocks, in file order. */
  readonly blocks: readonly ContentBlock[];
  /** What it cost: of each count the highest that its records tell, or `null` when none tells. */
  readonly usage: TokenUsage | null;
  /** How many tokens the model had before it, cached ones included, or `null`. */
  readonly contextTokens: number | null;
  /** Why the model stopped, or `null`. */
  readonly stopReason: string | null;
  /** Made by the agent's program to report an error. */
  readonly isSynthetic: boolean;
  /** The turn it belongs to, or `null` before the first prompt. */
  readonly turnIndex: number | null;
  /** Line of its first block. */
  readonly lineIndexStart: number;
  /** Line of its last block. */
  readonly lineIndexEnd: number;
}

/** A call of a tool with its answer. */
export interface PairedToolCall {
  /** Identity of the call. */
  readonly toolUseId: string;
  /** Name of the tool. */
  readonly toolName: string;
  /** What the tool was given. */
  readonly input: unknown;
  /** The answer, or `null` while there is none. */
  readonly result: {
    /** Whether the tool failed. */
    readonly isError: boolean;
    /** The answer itself. */
    readonly content: readonly ContentBlock[];
    /** Line of the answer. */
    readonly lineIndex: number;
  } | null;
  /** The turn it belongs to, or `null` before the first prompt. */
  readonly turnIndex: number | null;
  /** Line of the call. */
  readonly lineIndex: number;
}

/** How one tool fared. */
export interface ToolStat {
  /** Name of the tool. */
  readonly toolName: string;
  /** How often it was called. */
  readonly callCount: number;
  /** How often it failed. */
  readonly errorCount: number;
  /** The beginnings of its first errors, ten at most. */
  readonly errorSamples: readonly string[];
}

/** A subagent that this session started. */
export interface SubagentRef {
  /** Its identity; its transcript is `agent-<agentId>.jsonl`. */
  readonly agentId: string;
  /** The tool call that started it, or `null`. */
  readonly toolUseId: string | null;
  /** What it was asked, or `null`. */
  readonly prompt: string | null;
  /** How it ended, or `null` while it has not. */
  readonly status: string | null;
  /** How long it took, in milliseconds, or `null`. */
  readonly durationMs: number | null;
  /** Tokens it used, or `null`. */
  readonly tokens: number | null;
}

/** What the messages of a session tell together. */
export interface SessionSummary {
  /** Exchanges, in order. */
  readonly turns: readonly Turn[];
  /** Responses of the model, in order of their first block. */
  readonly responses: readonly ReconstitutedResponse[];
  /** Calls of tools, in order. */
  readonly toolCalls: readonly PairedToolCall[];
  /** Tokens, each response counted once. */
  readonly totals: TokenTotals;
  /** Tools, most called first. */
  readonly toolStats: readonly ToolStat[];
  /** Subagents, in order of first mention. */
  readonly subagents: readonly SubagentRef[];
}

/** A whole session. */
export interface EnrichedSession extends SessionSummary {
  /** Every message of every line, repeated records included. */
  readonly messages: readonly ParsedMessage[];
  /** Bytes up to and with the last newline: a tail that starts here delivers what follows. */
  readonly committedBytes: number;
  /** Bytes after the last newline: a line that is still being written, or 0. Its messages are among `messages` only when it is a whole record. */
  readonly unfinishedBytes: number;
}
