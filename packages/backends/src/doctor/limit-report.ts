import { countInotifyUsage, type InotifyUsage } from './inotify-usage.ts';
import { readNumber, type MachineReader } from './machine-reader.ts';

/** A limit of inotify for one user. */
export interface InotifyLimit {
  /** The limit that holds: the smaller of the two. */
  readonly max: number;
  /** `fs.inotify`: the limit of the machine. `user`: a lower one of this user namespace. */
  readonly setBy: 'fs.inotify' | 'user';
}

/** The limits of inotify, Linux only. */
export interface InotifyLimits {
  /** Watches of one user (`fs.inotify.max_user_watches`). */
  readonly watches: InotifyLimit;
  /** Instances of one user (`fs.inotify.max_user_instances`). */
  readonly instances: InotifyLimit;
  /** Events that one instance holds before it drops (`fs.inotify.max_queued_events`), or `null`. */
  readonly queueLength: number | null;
  /** What this user's processes hold, or `null` when no process can be seen. */
  readonly usage: InotifyUsage | null;
}

/** The limit of open files of this process. */
export interface FileLimits {
  /** What holds now, or `null` for none. */
  readonly soft: number | null;
  /** What it may be raised to, or `null` for no end. */
  readonly hard: number | null;
  /** Descriptors this process has open, or `null` when they cannot be counted. */
  readonly used: number | null;
}

/** The limits of the system that watching runs into. */
export interface LimitReport {
  /** `null` where there is no inotify. */
  readonly inotify: InotifyLimits | null;
  /** `null` where there is no such limit (Windows). */
  readonly openFiles: FileLimits | null;
}

/** Reads the limits that hold for this process, and how much of them is used. */
export function reportLimits(reader: MachineReader): LimitReport {
  return { inotify: inotifyLimits(reader), openFiles: fileLimits(reader) };
}

function inotifyLimits(reader: MachineReader): InotifyLimits | null {
  const watches = inotifyLimit(reader, 'watches');
  const instances = inotifyLimit(reader, 'instances');
  if (watches === null || instances === null) return null;
  const user = process.geteuid?.();
  return {
    watches,
    instances,
    queueLength: readNumber(reader, '/proc/sys/fs/inotify/max_queued_events'),
    usage: user === undefined ? null : countInotifyUsage(reader, user),
  };
}

/** A user namespace has limits of its own below those of the machine (user_namespaces(7)). */
function inotifyLimit(reader: MachineReader, what: 'watches' | 'instances'): InotifyLimit | null {
  const machine = readNumber(reader, `/proc/sys/fs/inotify/max_user_${what}`);
  if (machine === null) return null;
  const namespace = readNumber(reader, `/proc/sys/user/max_inotify_${what}`);
  return namespace !== null && namespace < machine
    ? { max: namespace, setBy: 'user' }
    : { max: machine, setBy: 'fs.inotify' };
}

/** The part of Node's diagnostic report that is read here. */
interface LimitsOfReport {
  readonly userLimits?: {
    readonly open_files?: {
      readonly soft: number | string;
      readonly hard: number | string;
    };
  };
}

/** Node tells its limits in its diagnostic report only, which looks every peer of a socket up unless told not to. */
function readReport(): LimitsOfReport {
  // The types of Node lack the switch, which Node has had since 22.0.
  const report: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report;
  const { excludeNetwork = false } = report;
  report.excludeNetwork = true;
  try {
    return report.getReport();
  } finally {
    report.excludeNetwork = excludeNetwork;
  }
}

function fileLimits(reader: MachineReader): FileLimits | null {
  const limits = readReport().userLimits?.open_files;
  if (limits === undefined) return null;
  // Both list this process's own descriptors; reading them opens one more.
  const open = reader.names('/proc/self/fd') ?? reader.names('/dev/fd');
  return {
    soft: limitOf(limits.soft),
    hard: limitOf(limits.hard),
    used: open === null ? null : Math.max(0, open.length - 1),
  };
}

function limitOf(value: number | string): number | null {
  return typeof value === 'number' ? value : null;
}
