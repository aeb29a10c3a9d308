import type { ChangeCursor, ListEvent, MonitorEvent } from '@watchkeeper/session';

/** What of a session monitor the streams use; `createSessionMonitor` of `@watchkeeper/session` makes one. */
export interface MonitorSource {
  /** Events of one session, from `from` on. Ends when the signal aborts. */
  watch(
    sessionId: string,
    options: {
      /** Ends the iteration. */
      readonly signal: AbortSignal;
      /** What the caller knows; a newer version is told at once. */
      readonly from?: ChangeCursor;
      /** Wait for a session that is not there yet. */
      readonly waitForCreate?: boolean;
    },
  ): AsyncIterable<MonitorEvent>;
  /** Changes of the list of sessions. Ends when the signal aborts. */
  changes(options: {
    /** Ends the iteration. */
    readonly signal: AbortSignal;
  }): AsyncIterable<ListEvent>;
}
