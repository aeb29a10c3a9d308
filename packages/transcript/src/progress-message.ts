import type { MessageBase } from './message-base.ts';

/** A subagent moved on. */
export interface ProgressAgentMessage extends MessageBase<'progress-agent'> {
  /** The subagent. */
  readonly subagentId: string;
  /** What it was asked, or `null`. */
  readonly prompt: string | null;
  /** The tool call that started it, or `null`. */
  readonly parentToolUseId: string | null;
}

/** A shell command moved on. */
export interface ProgressBashMessage extends MessageBase<'progress-bash'> {
  /** Its output so far. */
  readonly output: string;
  /** How long it has been running, in seconds, or `null`. */
  readonly elapsedSeconds: number | null;
}

/** A hook ran. */
export interface ProgressHookMessage extends MessageBase<'progress-hook'> {
  /** The event it hangs on; empty when the record has none. */
  readonly event: string;
  /** Its name, or `null`. */
  readonly hook: string | null;
  /** Its command, or `null`. */
  readonly command: string | null;
}
