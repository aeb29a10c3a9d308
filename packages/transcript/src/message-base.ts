import type { Envelope } from './envelope.ts';
import type { MessagePos } from './position.ts';

/** What every message has: its kind, its place and its envelope. */
export interface MessageBase<K extends string> extends MessagePos, Envelope {
  /** Which message. */
  readonly kind: K;
  /** Present when a cap cut something: a very long text, a very deep or very wide tool input. */
  readonly truncated?: true;
}
