import { release } from 'node:os';
import type { MachineReader } from './machine-reader.ts';

/** Something that stands between this process and the disk, and what it was derived from. */
export interface SystemHint {
  /** What it is. */
  readonly kind:
    | 'docker'
    | 'docker-desktop'
    | 'podman'
    | 'kubernetes'
    | 'container'
    | 'user-namespace'
    | 'wsl1'
    | 'wsl2';
  /** The file or variable that says so. */
  readonly derivedFrom: string;
}

/** The system this process runs on. */
export interface SystemReport {
  /** As in `process.platform`. */
  readonly platform: NodeJS.Platform;
  /** As in `process.arch`. */
  readonly arch: string;
  /** Release of the kernel. */
  readonly kernel: string;
  /** Version of Node, without the `v`. */
  readonly node: string;
  /** What it runs in, as far as it can be told; empty says that nothing was found, not that nothing is there. */
  readonly hints: readonly SystemHint[];
}

/** The whole range of user ids, as the first user namespace maps it. */
const ALL_IDS = '4294967295';

const CGROUP_WORDS = /docker|kubepods|containerd|libpod|lxc/;

/** Describes this process and its surroundings. */
export function reportSystem(
  reader: MachineReader,
  environment: Readonly<Record<string, string | undefined>>,
): SystemReport {
  const { platform, arch, versions } = process;
  const hints = platform === 'linux' ? hintsOf(reader, environment, release()) : [];
  return { platform, arch, kernel: release(), node: versions.node, hints };
}

/** Finds what stands between a process on Linux and the disk. */
export function hintsOf(
  reader: MachineReader,
  environment: Readonly<Record<string, string | undefined>>,
  kernel: string,
): readonly SystemHint[] {
  const hints: SystemHint[] = [];
  const add = (kind: SystemHint['kind'], derivedFrom: string): void => {
    if (!hints.some((hint) => hint.kind === kind)) hints.push({ kind, derivedFrom });
  };
  if (reader.exists('/.dockerenv')) add('docker', '/.dockerenv');
  if (reader.exists('/run/.containerenv')) add('podman', '/run/.containerenv');
  if ((environment['KUBERNETES_SERVICE_HOST'] ?? '') !== '') {
    add('kubernetes', 'KUBERNETES_SERVICE_HOST');
  }
  const word = CGROUP_WORDS.exec(reader.text('/proc/1/cgroup') ?? '')?.[0];
  if (hints.length === 0 && (environment['container'] ?? '') !== '') add('container', 'container');
  if (hints.length === 0 && word !== undefined) add('container', '/proc/1/cgroup');
  if (kernel.includes('linuxkit')) add('docker-desktop', 'the release of the kernel');
  const version = reader.text('/proc/version') ?? '';
  // WSL2 runs a kernel of its own, "microsoft-standard-WSL2"; WSL1 answers with the name alone.
  if (/microsoft/i.test(version)) add(/WSL2/.test(version) ? 'wsl2' : 'wsl1', '/proc/version');
  const map = reader.text('/proc/self/uid_map')?.trim().split(/\s+/);
  if (map !== undefined && map[2] !== ALL_IDS) add('user-namespace', '/proc/self/uid_map');
  return hints;
}
