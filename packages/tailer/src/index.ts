export type { TailCursor } from './cursor.ts';
export { isTailError, TailError } from './errors.ts';
export type { TailErrorCode, TailErrorInit } from './errors.ts';
export { tail } from './tail-file.ts';
export type {
  LineParser,
  LinePosition,
  RestartReason,
  Tail,
  TailBatch,
  TailOptions,
} from './tail.ts';
