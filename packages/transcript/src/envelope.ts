/** What most records carry. Every field may be absent: the formats are no contract of their vendors. */
export interface Envelope {
  /** Identity of the record within its session, or `null`. */
  readonly uuid: string | null;
  /** The record it follows, or `null`. Advice only: file position is the order. */
  readonly parentUuid: string | null;
  /** The session the agent wrote, or `null`. A subagent's records carry the session of its parent. */
  readonly sessionId: string | null;
  /** When it was written, ISO 8601 as the agent gave it, or `null`. */
  readonly timestamp: string | null;
  /** Whether the record belongs to a subagent. */
  readonly isSidechain: boolean;
  /** The subagent that wrote it, or `null`. */
  readonly agentId: string | null;
  /** The agent's working directory, or `null`. Untrusted. */
  readonly cwd: string | null;
  /** The git branch, or `null`. */
  readonly gitBranch: string | null;
  /** Version of the agent's command, or `null`. */
  readonly cliVersion: string | null;
}
