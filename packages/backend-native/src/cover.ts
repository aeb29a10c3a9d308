import type { WatchError } from '@watchkeeper/core';
import type { BindingHub } from './binding-hub.ts';
import type { NativeCallback, NativeEvent } from './native-binding.ts';
import type { Preflight } from './preflight.ts';
import type { Finding, RootMember } from './root-member.ts';

/** What a cover works with; all of it belongs to one root. */
export interface CoverContext {
  /** Absolute real path of the root. */
  readonly path: string;
  readonly hub: BindingHub;
  readonly preflight: Preflight;
  readonly sliceMs: number;
  readonly now: () => number;
  /** Those who are subscribed now. */
  readonly members: () => readonly RootMember[];
  /** Takes what the binding tells. */
  readonly onNative: NativeCallback;
  /** Runs work of the root after all other work of it. */
  readonly schedule: (work: () => Promise<void>) => void;
  readonly report: (findings: readonly Finding[]) => void;
  readonly problem: (error: WatchError) => void;
  /** Tells that directories are covered, those of them that a problem said were not. */
  readonly covered: (paths: readonly string[]) => void;
  /** Asks for a fresh start: everything closed, opened again and told as lost. */
  readonly wantRestart: () => void;
}

/** One way to cover a root with native subscriptions, and to understand what they tell. */
export interface Cover {
  /** Subscribes; resolves when everything wanted is covered. Rejects with nothing left that it could close. */
  open(): Promise<void>;
  /** Whether another member gets all it wants without a restart. */
  serves(member: RootMember): boolean;
  /** Looks at what an event names; `null` when it concerns nobody. */
  judge(relative: string, type: NativeEvent['type']): Finding | null;
  /** Tries again what could not be covered. */
  recheck(): void;
  /** Unsubscribes everything. Never rejects. */
  close(): Promise<void>;
}
