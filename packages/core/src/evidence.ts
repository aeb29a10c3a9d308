import type { Touch } from './backend.ts';
import type { ChangeOrigin } from './change.ts';
import type { Job } from './examiner.ts';

const farther: Readonly<Record<Touch['reach'], number>> = { entry: 0, children: 1, tree: 2 };

/** What to look at for one touch. */
export function jobOf({ path, reach, stat }: Touch, origin: ChangeOrigin): Job {
  // A symlink is judged by where it points, which not every stat tells.
  const whole = stat !== undefined && (stat?.type !== 'symlink' || stat.link !== undefined);
  return whole ? { path, reach, origin, stat } : { path, reach, origin };
}

/** What to look at for two pieces of evidence of one path. The one that reaches farther says how most is found. */
export function merge(earlier: Job, later: Job): Job {
  const { reach, origin } = farther[later.reach] > farther[earlier.reach] ? later : earlier;
  // A stat that came with one piece of evidence may be older than the other piece.
  return { path: later.path, reach, origin };
}
