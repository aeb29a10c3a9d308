/** A record and the message it becomes. */
export interface RecordRow {
  /** What it is, as the end of a sentence. */
  readonly record: string;
  /** Its fields, without the envelope. */
  readonly given: Record<string, unknown>;
  /** Fields of the message. */
  readonly gives: Record<string, unknown>;
}
