/** How much a finding weighs: `error` means that something asked for does not work. */
export type FindingLevel = 'ok' | 'warning' | 'error';

/** One result of a diagnosis. */
export interface Finding {
  /** How much it weighs. */
  readonly level: FindingLevel;
  /** A stable name to branch on, such as `inotify-watches`. */
  readonly code: string;
  /** What was found, in one sentence. */
  readonly message: string;
  /** What to change, one step each: commands and lines to be taken over as they are. Empty when nothing is to be done. */
  readonly remedy: readonly string[];
}

/** A finding of one level. */
type MakeFinding = (code: string, message: string, ...remedy: readonly string[]) => Finding;

const make =
  (level: FindingLevel): MakeFinding =>
  (code, message, ...remedy) => ({ level, code, message, remedy });

/** All is well. */
export const ok: MakeFinding = make('ok');

/** It works, with a limit that should be known. */
export const warning: MakeFinding = make('warning');

/** Something asked for does not work. */
export const error: MakeFinding = make('error');
