import type { AssistantBlockMessage } from './assistant-message.ts';
import type {
  AttachmentMessage,
  FileHistorySnapshotMessage,
  MalformedRecord,
  QueueOperationMessage,
  SessionMetaMessage,
  UnknownRecord,
} from './bookkeeping-message.ts';
import type {
  ProgressAgentMessage,
  ProgressBashMessage,
  ProgressHookMessage,
} from './progress-message.ts';
import type {
  SystemApiErrorMessage,
  SystemCompactMessage,
  SystemLocalCommandMessage,
  SystemNoticeMessage,
  SystemTurnDurationMessage,
} from './system-message.ts';
import type { UserPromptMessage, UserToolResultMessage } from './user-message.ts';

/**
 * One typed message. Plain JSON: it survives `JSON.parse(JSON.stringify(message))` unchanged, and its
 * strings hold neither lone surrogates nor NUL, so any database takes them.
 */
export type ParsedMessage =
  | FileHistorySnapshotMessage
  | UserPromptMessage
  | UserToolResultMessage
  | AssistantBlockMessage
  | SystemTurnDurationMessage
  | SystemApiErrorMessage
  | SystemLocalCommandMessage
  | SystemCompactMessage
  | SystemNoticeMessage
  | ProgressAgentMessage
  | ProgressBashMessage
  | ProgressHookMessage
  | QueueOperationMessage
  | AttachmentMessage
  | SessionMetaMessage
  | UnknownRecord
  | MalformedRecord;

/** The `kind` of every message. */
export type MessageKind = ParsedMessage['kind'];
