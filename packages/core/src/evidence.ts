import type { Touch } from './backend.ts';
import type { ChangeOrigin } from './change.ts';
import type { Job } from './examiner.ts';

/** What to look at for one touch. */
export function jobOf({ path, reach, stat }: Touch, origin: ChangeOrigin): Job {
  // A symlink is judged by where it points, which not every stat tells.
  const whole = stat !== undefined && (stat?.type !== 'symlink' || stat.link !== undefined);
  return whole ? { path, reach, origin, stat } : { path, reach, origin };
}
