import type { Envelope } from './envelope.ts';
import type { ParsedMessage } from './message.ts';
import type { MessagePos } from './position.ts';

type Own<M> = M extends ParsedMessage
  ? Omit<M, keyof MessagePos | keyof Envelope | 'truncated'>
  : never;

/** What a record says itself, before its place and its envelope are added. */
export type MessageBody = Own<ParsedMessage>;
