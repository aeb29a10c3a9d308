import { WatchError } from '@watchkeeper/core';
import { BackendErrors, errorCode } from '@watchkeeper/core/backend-kit';

/** The name this backend gives itself in errors and configuration. */
export const BACKEND_NAME = 'poll';

/** The failures of this backend. */
export const errors: BackendErrors = new BackendErrors(BACKEND_NAME);

/** Looks in a row that must fail with a transient code before it is a problem. */
export const TRANSIENT_LOOKS = 3;

/** Failures that pass by themselves in a moment: a scanner or another process holds the entry. */
const TRANSIENT: ReadonlySet<string> = new Set(['EBUSY', 'EAGAIN', 'EINTR', 'ETXTBSY']);

/** Looks in a row that must fail like `error` before it is a problem. */
export function looksUntilTold(error: unknown): number {
  return TRANSIENT.has(errorCode(error) ?? '') ? TRANSIENT_LOOKS : 1;
}

/** What polling has come to. */
export interface Strain {
  /** The place where it was noticed. */
  readonly root: string;
  /** Entries that the backend looks at altogether. */
  readonly entries: number;
  /** Subscriptions they belong to. */
  readonly owners: number;
  /** Longest time from a change below `root` to its touch now, in milliseconds. */
  readonly worstMs: number;
  /** Share of one CPU that all polling of this backend takes. */
  readonly share: number;
  readonly budget: number;
}

const REMEDY = 'ignore what need not be watched, raise the budget, or use a backend that listens';

/** Changes below a place are not found in the promised time. Nothing is left out. */
export function tooLate(strain: Strain): WatchError {
  const { root, worstMs } = strain;
  const late = `A change below ${root} is found after ${Math.ceil(worstMs)} ms at the latest`;
  return new WatchError(`${late}: ${spending(strain)}`, {
    code: 'ERR_WATCH_TIMEOUT',
    effect: 'noted',
    backend: BACKEND_NAME,
    paths: [root],
    remedy: REMEDY,
  });
}

/** There are more entries than the budget pays for, although every change is found in time. It concerns no place alone. */
export function overBudget(strain: Strain): WatchError {
  return new WatchError(`${spending(strain)}; changes are still found in time`, {
    code: 'ERR_WATCH_LIMIT_WATCHES',
    effect: 'noted',
    backend: BACKEND_NAME,
    paths: strain.owners === 1 ? [strain.root] : [],
    remedy: REMEDY,
  });
}

function spending({ entries, owners, share, budget }: Strain): string {
  const where = owners === 1 ? 'one subscription' : `${owners} subscriptions`;
  return `polling ${entries} entries of ${where} takes ${percent(share)} of one CPU, with a budget of ${percent(budget)}`;
}

/** A sweep of a place takes longer than a change may take to be found, and goes on. */
export function stuck(root: string, ms: number): WatchError {
  return new WatchError(
    `A look at everything below ${root} has not ended after ${Math.ceil(ms)} ms`,
    {
      code: 'ERR_WATCH_TIMEOUT',
      effect: 'noted',
      retryable: true,
      backend: BACKEND_NAME,
      paths: [root],
      remedy: 'check the server or the mount; looking goes on as soon as it answers',
    },
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
