import type { ContentBlock } from './content-block.ts';
import type { MessageBase } from './message-base.ts';
import type { TokenUsage } from './token-usage.ts';

/** One block of a response. A response is several of these with one `messageId`. */
export interface AssistantBlockMessage extends MessageBase<'assistant-block'> {
  /** The response it belongs to, or `null`. */
  readonly messageId: string | null;
  /** The request that was answered, or `null`. */
  readonly requestId: string | null;
  /** The model, or `null`. */
  readonly model: string | null;
  /** The block. */
  readonly block: ContentBlock;
  /** Tokens as far as known when it was written, or `null`. Repeated over the blocks of a response: never add them up, see {@link tokenTotals}. */
  readonly usage: TokenUsage | null;
  /** Why the model stopped, or `null`. */
  readonly stopReason: string | null;
  /** Made by the agent's program to report an error, not by a model. */
  readonly isSynthetic: boolean;
}
