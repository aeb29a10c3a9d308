import type { MessageBase } from './message-base.ts';

/** A turn ended. */
export interface SystemTurnDurationMessage extends MessageBase<'system-turn-duration'> {
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** A request to the model failed. */
export interface SystemApiErrorMessage extends MessageBase<'system-api-error'> {
  /** What was said about it; empty when nothing was. */
  readonly error: string;
  /** HTTP status, or `null`. */
  readonly status: number | null;
  /** Time to the next attempt, in milliseconds, or `null`. */
  readonly retryInMs: number | null;
  /** Which attempt, or `null`. */
  readonly retryAttempt: number | null;
  /** How many attempts at most, or `null`. */
  readonly maxRetries: number | null;
}

/** A command of the agent's own, run locally. */
export interface SystemLocalCommandMessage extends MessageBase<'system-local-command'> {
  /** Its name (`/model`), or `null` when the record holds only its output. */
  readonly command: string | null;
  /** The record's text as it is written, tags included. */
  readonly content: string;
}

/** The conversation was compacted here. */
export interface SystemCompactMessage extends MessageBase<'system-compact'> {
  /** What caused it (`auto`, `manual`), or `null`. */
  readonly trigger: string | null;
  /** Tokens before, or `null`. */
  readonly preTokens: number | null;
}

/** Any other notice of the agent's program, known subtypes and unknown ones alike. */
export interface SystemNoticeMessage extends MessageBase<'system-notice'> {
  /** Which notice, or `null`. */
  readonly subtype: string | null;
  /** How grave, or `null`. */
  readonly level: string | null;
  /** Its words, or `null`. */
  readonly content: string | null;
}
