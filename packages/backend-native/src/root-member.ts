import type { BigIntStats } from 'node:fs';
import type { EntryType, LossReason, Touch, WatchError } from '@watchkeeper/core';

/** What a root found out about one entry, before any member's filter. */
export interface Finding {
  /** Relative to the root with `/`; empty for the root. */
  readonly relative: string;
  /** `null` for a confirmed absence, `undefined` when it could not be read. */
  readonly stats: BigIntStats | null | undefined;
  /** What the entry is, or was when it is gone. */
  readonly type: EntryType | undefined;
  readonly reach: Touch['reach'];
  readonly hint?: Touch['hint'];
}

/** A subscription as its root sees it. */
export interface RootMember {
  /** Wants nothing below the root's own entries. */
  readonly shallow: boolean;
  /** Absolute paths below which nothing is wanted. */
  readonly prune: readonly string[];
  /** Whether this very entry is not wanted; its ancestors were asked about before. */
  refuses(relative: string, type: EntryType | undefined): boolean;
  take(findings: readonly Finding[]): void;
  lose(why: LossReason): void;
  problem(error: WatchError): void;
  /** What a problem said was not covered is covered, whatever happened there meanwhile. */
  regain(paths: readonly string[]): void;
  end(error: WatchError): void;
  /** Something suggests that the root is gone: look. */
  checkRoot(): void;
}

/** Whether a member does not want a directory, or one above it; asked from the top down. */
export function isRefusedFor(member: RootMember, relative: string): boolean {
  const names = relative.split('/');
  return names.some((_, index) => member.refuses(names.slice(0, index + 1).join('/'), 'directory'));
}
