import { readFileSync } from 'node:fs';

/** The kernel's default length of an event queue, where it cannot be read: that of inotify. */
export const DEFAULT_QUEUE_LENGTH = 16_384;

/**
 * Share of the queue's length that one beat may bring in touches before an overflow is suspected. To
 * create a file and write it are up to four events and one touch.
 */
export const BURST_SHARE = 0.25;

let threshold: number | undefined;

function queueLength(): number {
  try {
    const length = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
    return Number.isInteger(length) && length > 0 ? length : DEFAULT_QUEUE_LENGTH;
  } catch {
    // Not Linux, or no /proc: whatever the reason, the default is the best guess.
    return DEFAULT_QUEUE_LENGTH;
  }
}

/** Whether so many touches in one beat come near what the kernel's queue holds, so that it may have overflowed. */
export function wasBurst(touches: number): boolean {
  threshold ??= Math.max(1, Math.floor(queueLength() * BURST_SHARE));
  return touches >= threshold;
}
