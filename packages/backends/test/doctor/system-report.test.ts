import { describe, expect, it } from 'vitest';
import { hintsOf, reportSystem } from '../../src/doctor/system-report.ts';
import { fakeMachine } from './support/facts.ts';

const allIds = '         0          0 4294967295\n';

describe('hintsOf', () => {
  it.each<
    [
      what: string,
      files: Readonly<Record<string, string>>,
      environment: Readonly<Record<string, string>>,
      kernel: string,
      hints: readonly (readonly [kind: string, derivedFrom: string])[],
    ]
  >([
    ['nothing', { '/proc/1/cgroup': '0::/init.scope\n' }, {}, '6.18.0', []],
    ['Docker', { '/.dockerenv': '' }, {}, '6.18.0', [['docker', '/.dockerenv']]],
    [
      'Docker Desktop',
      { '/.dockerenv': '' },
      {},
      '6.10.14-linuxkit',
      [
        ['docker', '/.dockerenv'],
        ['docker-desktop', 'the release of the kernel'],
      ],
    ],
    [
      'Podman',
      { '/run/.containerenv': '' },
      { container: 'podman' },
      '6',
      [['podman', '/run/.containerenv']],
    ],
    [
      'a pod',
      { '/proc/1/cgroup': '0::/kubepods/x\n' },
      { KUBERNETES_SERVICE_HOST: '10.0.0.1' },
      '6',
      [['kubernetes', 'KUBERNETES_SERVICE_HOST']],
    ],
    [
      'a container by its cgroup',
      { '/proc/1/cgroup': '0::/lxc/x\n' },
      {},
      '6',
      [['container', '/proc/1/cgroup']],
    ],
    ['a container by its variable', {}, { container: 'lxc' }, '6', [['container', 'container']]],
    [
      'WSL2',
      { '/proc/version': 'Linux version 5.15.90.1-microsoft-standard-WSL2' },
      {},
      '5',
      [['wsl2', '/proc/version']],
    ],
    [
      'WSL1',
      { '/proc/version': 'Linux version 4.4.0-Microsoft' },
      {},
      '4',
      [['wsl1', '/proc/version']],
    ],
    [
      'a user namespace',
      { '/proc/self/uid_map': ' 0 1000 1\n' },
      {},
      '6',
      [['user-namespace', '/proc/self/uid_map']],
    ],
  ])('sees %s', (_, files, environment, kernel, hints) => {
    const reader = fakeMachine({ '/proc/self/uid_map': allIds, ...files });
    const found = hintsOf(reader, environment, kernel);
    expect(found.map(({ kind, derivedFrom }) => [kind, derivedFrom])).toEqual(hints);
  });

  it('describes this process', () => {
    const { platform, arch, versions } = process;
    expect(reportSystem(fakeMachine({}), {})).toMatchObject({
      platform,
      arch,
      node: versions.node,
    });
  });
});
