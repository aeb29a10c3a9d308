export type { AssistantBlockMessage } from './assistant-message.ts';
export type {
  AttachmentMessage,
  FileHistorySnapshotMessage,
  MalformedReason,
  MalformedRecord,
  QueueOperationMessage,
  SessionMetaMessage,
  UnknownRecord,
} from './bookkeeping-message.ts';
export type {
  ContentBlock,
  MediaBlock,
  OtherBlock,
  TextBlock,
  ThinkingBlock,
  ToolResultBlock,
  ToolUseBlock,
} from './content-block.ts';
export { claudeCode } from './claude-code.ts';
export type {
  EnrichedSession,
  PairedToolCall,
  ReconstitutedResponse,
  SessionSummary,
  SubagentRef,
  ToolStat,
  Turn,
} from './enriched-session.ts';
export type { Envelope } from './envelope.ts';
export { MAX_LINE_BYTES, MAX_TEXT_CHARS } from './limits.ts';
export type { MessageBase } from './message-base.ts';
export { messageKey } from './message-key.ts';
export type { MessageKind, ParsedMessage } from './message.ts';
export { parseLine, parseLineAll } from './parse-line.ts';
export { parseFullSession } from './parse-session.ts';
export type { ByteRange, LinePos, MessagePos } from './position.ts';
export type {
  ProgressAgentMessage,
  ProgressBashMessage,
  ProgressHookMessage,
} from './progress-message.ts';
export type {
  ProviderEnvironment,
  SessionFile,
  SubagentFile,
  TranscriptFile,
  TranscriptProvider,
} from './provider.ts';
export { summarizeSession } from './session-summary.ts';
export type {
  SystemApiErrorMessage,
  SystemCompactMessage,
  SystemLocalCommandMessage,
  SystemNoticeMessage,
  SystemTurnDurationMessage,
} from './system-message.ts';
export { tokenTotals } from './token-totals.ts';
export type { ModelTokens, TokenTotals } from './token-totals.ts';
export type { TokenUsage } from './token-usage.ts';
export type {
  PromptOrigin,
  SubagentResult,
  ToolResult,
  UserPromptMessage,
  UserToolResultMessage,
} from './user-message.ts';
