import type { ParsedMessage } from './message.ts';
import type { LinePos } from './position.ts';

/** What a provider may know of the machine. */
export interface ProviderEnvironment {
  /** The user's home directory, absolute. */
  readonly home: string;
  /** Environment variables, as in `process.env`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** A transcript of a session that a person started. */
export interface SessionFile {
  /** Which file. */
  readonly type: 'session';
  /** The session's id: the stem of the file's name. */
  readonly sessionId: string;
}

/** A transcript of a subagent. */
export interface SubagentFile {
  /** Which file. */
  readonly type: 'subagent';
  /** The subagent's own session id: the stem of the file's name. */
  readonly sessionId: string;
  /** The session that started it, or `null` when the path does not tell; then the `sessionId` of its records does. */
  readonly parentSessionId: string | null;
  /** The subagent, as messages of the parent name it. */
  readonly agentId: string;
}

/** What a path turned out to be. */
export type TranscriptFile = SessionFile | SubagentFile;

/**
 * Knows the transcripts of one agent: where they lie, which files are transcripts, and what their lines
 * say. Pure: an implementer neither reads files nor the environment, and never throws.
 */
export interface TranscriptProvider {
  /** Short name for databases and configuration; never changes. */
  readonly id: string;
  /** Name for people. */
  readonly displayName: string;
  /** Grows by one whenever the same line gives other messages; stored sessions are then read anew. */
  readonly parserVersion: number;
  /** Directories that hold transcripts, whether or not they exist. */
  roots(environment: ProviderEnvironment): readonly string[];
  /**
   * Tells what a file is, or `null` when it is no transcript.
   *
   * @param relativePath - path below a root, with `/` or `\` between its parts
   */
  classify(relativePath: string): TranscriptFile | null;
  /** Parses one line into all its messages. */
  parse(line: Uint8Array | string, pos: LinePos): ParsedMessage[];
}
