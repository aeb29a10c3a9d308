import { describe, expect, it } from 'vitest';
import type { LimitReport } from '../../src/doctor/limit-report.ts';
import { judgeMachine } from '../../src/doctor/machine-findings.ts';
import type { SystemReport } from '../../src/doctor/system-report.ts';
import { inotify, linux } from './support/facts.ts';

const nothing: LimitReport = { inotify: null, openFiles: null };

describe('judgeMachine', () => {
  it('has nothing to say about a machine with room', () => {
    const limits = {
      inotify: inotify(10_000, 128),
      openFiles: { soft: 1024, hard: 4096, used: 20 },
    };
    expect(judgeMachine(linux, [], limits)).toEqual([]);
  });

  it.each<[node: string, codes: readonly string[]]>([
    ['22.22.0', []],
    ['24.0.0', []],
    ['22.21.9', ['node']],
    ['20.20.2', ['node']],
  ])('judges Node %s as %j', (node, codes) => {
    const findings = judgeMachine({ ...linux, node }, [], nothing);
    expect(findings.map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    ['applied', 'ok', 'X=1 is in force: why'],
    ['foreign', 'warning', 'X=1 has no effect here: why'],
    ['invalid', 'error', 'why'],
  ] as const)('tells a variable that is %s as %s', (status, level, message) => {
    const variable = { name: 'X', value: '1', status, because: 'why' };
    expect(judgeMachine(linux, [variable], nothing)).toMatchObject([{ level, message }]);
  });

  it('gives the two commands that raise the instances when none is free', () => {
    const limits = { inotify: inotify(10_000, 128, { instances: 128 }), openFiles: null };
    expect(judgeMachine(linux, [], limits)).toEqual([
      {
        level: 'warning',
        code: 'inotify-instances',
        message: 'No inotify instance is free: 128 of 128 are in use, so no event can be had',
        remedy: [
          'sudo sysctl -w fs.inotify.max_user_instances=1024',
          'echo fs.inotify.max_user_instances=1024 | sudo tee -a /etc/sysctl.d/60-watchkeeper.conf   # to keep it',
        ],
      },
    ]);
  });

  it('warns when few instances are free, and advises twice as many', () => {
    const limits = { inotify: inotify(10_000, 2000, { instances: 1997 }), openFiles: null };
    const [finding] = judgeMachine(linux, [], limits);
    expect(finding).toMatchObject({ level: 'warning', code: 'inotify-instances' });
    expect(finding?.remedy[0]).toBe('sudo sysctl -w fs.inotify.max_user_instances=4000');
  });

  it.each<[what: string, hints: SystemReport['hints'], first: RegExp]>([
    ['in a container', [{ kind: 'podman', derivedFrom: 'x' }], /^on the host: a container cannot/],
    [
      'in Docker Desktop',
      [
        { kind: 'docker', derivedFrom: 'x' },
        { kind: 'docker-desktop', derivedFrom: 'y' },
      ],
      /^docker run --rm --privileged alpine sysctl -w fs\.inotify\.max_user_instances=1024/,
    ],
  ])('says where the limit can be raised %s', (_, hints, first) => {
    const limits = { inotify: inotify(10_000, 1), openFiles: null };
    const [finding] = judgeMachine({ ...linux, hints }, [], limits);
    expect(finding?.remedy[0]).toMatch(first);
  });

  it('names the file of a user namespace that has a lower limit', () => {
    const limits = inotify(10_000, 0);
    const own = { ...limits, instances: { max: 0, setBy: 'user' as const } };
    const [finding] = judgeMachine(linux, [], { inotify: own, openFiles: null });
    expect(finding?.remedy).toEqual([
      expect.stringMatching(/^echo 1024 > \/proc\/sys\/user\/max_inotify_instances/),
    ]);
  });

  it('warns of a short queue', () => {
    const limits = { inotify: { ...inotify(10_000, 128), queueLength: 100 }, openFiles: null };
    expect(judgeMachine(linux, [], limits)).toMatchObject([
      {
        level: 'warning',
        code: 'inotify-queue',
        remedy: ['sudo sysctl -w fs.inotify.max_queued_events=16384', expect.any(String)],
      },
    ]);
  });

  it.each<[platform: NodeJS.Platform, hard: number | null, remedy: readonly RegExp[]]>([
    ['linux', 4096, [/^ulimit -n 4096$/, /LimitNOFILE=4096/]],
    ['linux', 256, [/as root.*LimitNOFILE=256/]],
    ['darwin', null, [/^ulimit -n 10240$/, /launchctl limit maxfiles 10240/]],
  ])('tells how to open more files on %s with the hard limit %s', (platform, hard, remedy) => {
    const limits = { inotify: null, openFiles: { soft: 256, hard, used: 200 } };
    const [finding] = judgeMachine({ ...linux, platform }, [], limits);
    expect(finding).toMatchObject({ level: 'warning', code: 'open-files' });
    expect(finding?.remedy).toEqual(remedy.map((it) => expect.stringMatching(it)));
  });
});
