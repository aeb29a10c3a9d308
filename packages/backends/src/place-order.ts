import type { Place } from '@watchkeeper/core';
import { isVirtual } from './virtual-file-system.ts';

/** What `auto` means at one place. */
export interface PlaceOrder {
  /** Names of backends, most wanted first. */
  readonly names: readonly string[];
  /** Why, in words for an operator. */
  readonly because: string;
  /** Whether events can be trusted to tell of every write. */
  readonly trustsEvents: boolean;
}

const EVENTS_FIRST = ['fs', 'poll'];
const POLL_ONLY = ['poll'];

/**
 * Decides the backends of `auto` at a place. Events tell only of what passes this kernel, so what
 * another machine, the other side of a hypervisor or a user-space server writes must be looked for
 * (WSL issue 4739, docker/for-mac issue 7246, parcel-bundler/watcher issue 230). Who may write is
 * core's judgement, from the type of the file system.
 */
export function orderAt({ fsType, shared, platform, path }: Place): PlaceOrder {
  const type = fsType === 'unknown' ? 'this file system' : fsType;
  if (isVirtual(fsType)) return poll(`${type} is made up at each read and sends no events`);
  if (shared === true) return poll(`${type} may be written from outside of this kernel, unseen`);
  if (shared === false) return events(`${type} is local: this kernel sees every write`);
  // Windows does not tell the type, but a share that is not a drive has a path of its own form.
  if (platform === 'win32' && !path.startsWith('\\\\')) {
    return events('the path is on a drive of this machine');
  }
  return poll(`nobody can tell who else writes to ${type}`);
}

function events(because: string): PlaceOrder {
  return { names: EVENTS_FIRST, because, trustsEvents: true };
}

function poll(because: string): PlaceOrder {
  return { names: POLL_ONLY, because, trustsEvents: false };
}
