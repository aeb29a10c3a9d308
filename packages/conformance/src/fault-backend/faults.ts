import type { EntryType, OpenRequest, Touch, WatchError } from '@watchkeeper/core';

/**
 * What a {@link FaultBackend} does wrong, or only differently, from now on. Every one is off at first,
 * and may be set and unset at any time.
 */
export interface Faults {
  /** Drops these touches without a word. */
  lose: ((touch: Touch, request: OpenRequest) => boolean) | null;
  /** Tells every touch twice, and with it one that nothing happened to. The contract allows it. */
  duplicate: boolean;
  /** Tells the touches of one look in another order. The contract allows it. */
  reorder: boolean;
  /** Tells what a look found only with the next look, after the barrier that asked for it. */
  delay: boolean;
  /** Says of every touched path that it is absent. */
  lie: boolean;
  /** What `open` rejects with; `null` lets it through. */
  reject: ((request: OpenRequest) => WatchError | null) | null;
  /** What `open` and barriers reject with as it is: no `WatchError`, which is the fault. */
  throw: Error | null;
  /** The code of the system with which reading a path fails, such as `EIO` or `EACCES`. */
  refuse: ((path: string) => string | null) | null;
  /** Leaves out these entries, whatever the request asks for. */
  skip: ((relative: string, type: EntryType) => boolean) | null;
  /** Asks and tells of what the request ignores. */
  disregardIgnores: boolean;
  /** Watches the whole tree, whatever the scope. */
  disregardScope: boolean;
  /** Opens whatever is at the root, also nothing. */
  acceptAnything: boolean;
  /** Never looks by itself, only for a barrier. */
  sleep: boolean;
  /** Does not notice that the root is gone. */
  keepRoot: boolean;
  /** Goes on telling after `close`, and inside it. */
  talkAfterClose: boolean;
  /** Touches the root from inside `open`. */
  talkInOpen: boolean;
  /** Leaves its timer running at close. */
  leakTimer: boolean;
  /** Gives another promise from each `close`. */
  forgetClose: boolean;
  /** Resolves barriers without a look. */
  idleBarrier: boolean;
  /** Closes when a sink throws. */
  fragile: boolean;
  /** Takes no notice of an abort. */
  ignoreAbort: boolean;
}

/** Nothing wrong. */
export function noFaults(): Faults {
  return {
    lose: null,
    duplicate: false,
    reorder: false,
    delay: false,
    lie: false,
    reject: null,
    throw: null,
    refuse: null,
    skip: null,
    disregardIgnores: false,
    disregardScope: false,
    acceptAnything: false,
    sleep: false,
    keepRoot: false,
    talkAfterClose: false,
    talkInOpen: false,
    leakTimer: false,
    forgetClose: false,
    idleBarrier: false,
    fragile: false,
    ignoreAbort: false,
  };
}
