import type { WatchedScope } from './watched-scope.ts';

const isPending = ({ state }: WatchedScope): boolean => state !== 'live';
const isRecovering = ({ state }: WatchedScope): boolean => state === 'recovering';
const isPartial = ({ partial }: WatchedScope): boolean => partial;

/** The first of some scopes that is not live. */
export function firstPending(scopes: readonly WatchedScope[]): WatchedScope | undefined {
  return scopes.find(isPending);
}

/** How well scopes that were live are served now, taken together. */
export function standingOf(scopes: readonly WatchedScope[]): 'live' | 'degraded' | 'recovering' {
  if (scopes.some(isRecovering)) return 'recovering';
  return scopes.some(isPartial) ? 'degraded' : 'live';
}
