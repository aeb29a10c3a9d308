import { accessSync, constants } from 'node:fs';

/** Throws the system's error unless this user may list a directory and reach what is in it. */
export function assertReadable(directory: string): void {
  accessSync(directory, constants.R_OK | constants.X_OK);
}

/** Whether this user may list a directory and reach what is in it. */
export function isReadable(directory: string): boolean {
  try {
    assertReadable(directory);
    return true;
  } catch {
    // Whatever the reason: it cannot be read now.
    return false;
  }
}
