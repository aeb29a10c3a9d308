import type { SessionVersion } from './store.ts';

/** Why a tick came. */
export type TickCause = 'baseline' | 'hint' | 'poll' | 'fallback';

/** What a monitor says of one session. Ticks are level signals: many changes may collapse into one. */
export type MonitorEvent =
  | {
      readonly type: 'tick';
      readonly sessionId: string;
      readonly version: SessionVersion;
      /** The `rev` of the tick before, or `null` for the first. */
      readonly prev: number | null;
      readonly cause: TickCause;
    }
  | {
      readonly type: 'heartbeat';
      readonly sessionId: string;
      readonly version: SessionVersion | null;
      /** Milliseconds since the epoch. */
      readonly at: number;
    }
  | {
      readonly type: 'lag';
      readonly sessionId: string;
      readonly bytesBehind: number;
      readonly sinceMs: number;
      readonly attempt: number;
      readonly error: string | null;
    }
  | { readonly type: 'pending'; readonly sessionId: string }
  | { readonly type: 'gone'; readonly sessionId: string; readonly reason: 'deleted' | 'epoch' | 'closed' };
