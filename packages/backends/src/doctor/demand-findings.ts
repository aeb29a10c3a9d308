import { isVirtual } from '../virtual-file-system.ts';
import type { BackendReport } from './backend-report.ts';
import { countOf } from './count-of.ts';
import { error, ok, warning, type Finding } from './finding.ts';
import type { InotifyLimits } from './limit-report.ts';
import { CONTAINED, raiseLimit } from './limit-remedy.ts';
import type { PlaceFacts } from './place-facts.ts';
import { READ_CONTENT } from './subject-findings.ts';
import type { SystemReport } from './system-report.ts';

/** Least limit of watches that is advised: what common Linux distributions for developers set. */
export const ADVISED_WATCHES = 524_288;

/** Share of the free watches from which on it is told that they run short. */
export const SHORT_SHARE = 0.8;

/** Entries that are polled at no noticeable cost: 10,000 stats take 50 ms of one CPU. */
export const CHEAP_ENTRIES = 50_000;

/** Compares what the tree takes with what there is. */
export function judgeDemand(facts: PlaceFacts, chosen: BackendReport): readonly Finding[] {
  const { tree } = facts;
  if (tree === null) return [];
  const partial = tree.stoppedBy === null ? '' : 'at least ';
  const unreadable = judgeUnreadable(tree.unreadable, facts.place.fsType);
  if (chosen.capabilities?.costPer === 'sweep') {
    if (tree.entries <= CHEAP_ENTRIES) return unreadable;
    const message = `${chosen.name} looks at ${partial}${countOf(tree.entries, 'entry', 'entries')} one by one: that costs CPU, or seconds of delay`;
    return [
      ...unreadable,
      warning('poll-size', message, 'watch less of it, or ignore what nobody needs'),
    ];
  }
  return [...unreadable, ...judgeWatches(facts, chosen, partial)];
}

function judgeUnreadable(count: number, fsType: string): readonly Finding[] {
  if (count === 0) return [];
  const what = countOf(count, 'directory', 'directories');
  const message = `${what} of this tree may not be read: nothing below can be told`;
  const remedy = isVirtual(fsType)
    ? `ignore them: the kernel decides who may read them; otherwise ${READ_CONTENT}`
    : 'give this user the right to read them, or ignore them';
  return [warning('tree-unreadable', message, remedy)];
}

function judgeWatches(
  { limits, system, hasFallback, backends }: PlaceFacts,
  { name, demand }: BackendReport,
  partial: string,
): readonly Finding[] {
  const { inotify } = limits;
  if (inotify === null || demand === null) return [];
  const { max } = inotify.watches;
  const used = inotify.usage?.watches ?? 0;
  const free = Math.max(0, max - used);
  const need = `${name} needs ${partial}${countOf(demand.watches, 'inotify watch', 'inotify watches')} for this tree`;
  const have = `${isPartial(inotify, system) ? 'at most ' : ''}${free} of ${max} ${free === 1 ? 'is' : 'are'} free`;
  if (demand.watches <= free * SHORT_SHARE) return [ok('inotify-watches', `${need}, ${have}`)];
  const wanted = powerOfTwo(2 * (used + demand.watches));
  const steps = [
    ...raiseLimit('watches', Math.max(ADVISED_WATCHES, wanted), inotify, system),
    'or ignore directories nobody needs, such as node_modules and .git/objects',
  ];
  if (demand.watches <= free) return [warning('inotify-watches', `${need}, ${have}`, ...steps)];
  const next = backends.find(({ role }) => role === 'standby')?.name;
  if (!hasFallback || next === undefined) {
    return [error('inotify-watches', `${need}, only ${have}: it cannot be watched`, ...steps)];
  }
  return [warning('inotify-watches', `${need}, only ${have}: ${next} takes over`, ...steps)];
}

/** Whether others may use up the same limits unseen: processes that cannot be read, or of other containers. */
function isPartial({ usage }: InotifyLimits, { hints }: SystemReport): boolean {
  return usage === null || usage.unreadable > 0 || hints.some(({ kind }) => CONTAINED.has(kind));
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}
