import { countOf } from './count-of.ts';
import { error, ok, warning, type Finding } from './finding.ts';
import type { EnvironmentVariable } from './environment-report.ts';
import type { FileLimits, InotifyLimits, LimitReport } from './limit-report.ts';
import { raiseLimit, setSysctl } from './limit-remedy.ts';
import type { SystemReport } from './system-report.ts';

/** The oldest Node this family runs on, as `engines` has it. */
export const OLDEST_NODE: readonly [major: number, minor: number] = [22, 22];

/** Fewer free descriptors than this are told: a program has its own sockets, databases and modules. */
export const FEW_FILES = 64;

/** Fewer free inotify instances than this are told: each process that watches takes one or two. */
export const FEW_INSTANCES = 4;

/** The queue of the kernel's default, in events; a shorter one overflows in bursts that are common. */
export const USUAL_QUEUE_LENGTH = 16_384;

/** Judges the machine: pure, so that each finding is a row of a table. */
export function judgeMachine(
  system: SystemReport,
  environment: readonly EnvironmentVariable[],
  limits: LimitReport,
): readonly Finding[] {
  return [
    ...judgeNode(system.node),
    ...environment.map((variable) => VARIABLE[variable.status](variable)),
    ...(limits.inotify === null ? [] : judgeInotify(limits.inotify, system)),
    ...(limits.openFiles === null ? [] : judgeFiles(limits.openFiles, system.platform)),
  ];
}

function judgeNode(version: string): readonly Finding[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return [];
  const oldest = OLDEST_NODE.join('.');
  return [
    error(
      'node',
      `Node ${version} is older than ${oldest}, which is needed`,
      `install Node ${oldest} or newer`,
    ),
  ];
}

const VARIABLE: Readonly<
  Record<EnvironmentVariable['status'], (variable: EnvironmentVariable) => Finding>
> = {
  applied: ({ name, value, because }) =>
    ok('environment', `${name}=${value} is in force: ${because}`),
  foreign: ({ name, value, because }) =>
    warning('environment-foreign', `${name}=${value} has no effect here: ${because}`),
  invalid: ({ name, because }) => error('environment-invalid', because, `correct or unset ${name}`),
};

function judgeInotify(limits: InotifyLimits, system: SystemReport): readonly Finding[] {
  const findings: Finding[] = [];
  const { instances, usage, queueLength } = limits;
  const used = usage?.instances ?? 0;
  const free = instances.max - used;
  const remedy = raiseLimit('instances', Math.max(1024, instances.max * 2), limits, system);
  if (free <= 0) {
    findings.push(
      warning(
        'inotify-instances',
        `No inotify instance is free: ${used} of ${instances.max} ${used === 1 ? 'is' : 'are'} in use, so no event can be had`,
        ...remedy,
      ),
    );
  } else if (free < FEW_INSTANCES) {
    findings.push(
      warning(
        'inotify-instances',
        `Few inotify instances are free: at least ${used} of ${instances.max} ${used === 1 ? 'is' : 'are'} in use`,
        ...remedy,
      ),
    );
  }
  if (queueLength !== null && queueLength < USUAL_QUEUE_LENGTH) {
    findings.push(
      warning(
        'inotify-queue',
        `The queue of inotify holds ${countOf(queueLength, 'event', 'events')}: a burst of more is dropped by the kernel`,
        ...setSysctl('fs.inotify.max_queued_events', USUAL_QUEUE_LENGTH, system),
      ),
    );
  }
  return findings;
}

function judgeFiles(
  { soft, hard, used }: FileLimits,
  platform: NodeJS.Platform,
): readonly Finding[] {
  if (soft === null || used === null || soft - used >= FEW_FILES) return [];
  const wanted = Math.min(hard ?? 10_240, 10_240);
  const message = `Few files can be opened: ${used} of ${soft} descriptors ${used === 1 ? 'is' : 'are'} in use`;
  const where =
    platform === 'darwin'
      ? `for good: launchctl limit maxfiles ${wanted}`
      : `for a service: LimitNOFILE=${wanted} in its unit`;
  if (soft === hard) {
    return [warning('open-files', message, `raise the hard limit as root, ${where}`)];
  }
  return [warning('open-files', message, `ulimit -n ${wanted}`, where)];
}
