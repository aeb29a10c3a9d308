import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/doctor/finding.ts';
import type { PlaceFacts } from '../../src/doctor/place-facts.ts';
import { judgePlace } from '../../src/doctor/place-findings.ts';
import type { Subject } from '../../src/doctor/subject.ts';
import { orderAt } from '../../src/place-order.ts';
import { backend, eventPromises, inotify, place } from './support/facts.ts';

/** The finding of a code, or a failure that lists what there is. */
function find(facts: PlaceFacts, code: string): Finding {
  const findings = judgePlace(facts);
  expect(findings.map((finding) => finding.code)).toContain(code);
  return findings.find((finding) => finding.code === code) as Finding;
}

const { subject: directory, place: local } = place();

describe('judgePlace', () => {
  it('lists what is well in a local tree with room', () => {
    expect(judgePlace(place())).toEqual([
      { level: 'ok', code: 'backend', message: 'fs watches this place: it is local', remedy: [] },
      {
        level: 'ok',
        code: 'inotify-watches',
        message: 'fs needs 100 inotify watches for this tree, 10000 of 10000 are free',
        remedy: [],
      },
      { level: 'ok', code: 'probe', message: 'Tried out: create told after 0.3 ms', remedy: [] },
    ]);
  });
});

describe('what is at the path', () => {
  it.each<[Partial<Subject>, Finding['level'], string, RegExp]>([
    [{ kind: 'missing', directory: '/d' }, 'warning', 'path-missing', /waits for it in \/d/],
    [{ kind: 'missing', link: '../x' }, 'warning', 'path-missing', /leads to \.\.\/x/],
    [{ kind: 'special', detail: 'FIFO' }, 'warning', 'path-special', /is a FIFO: what passes/],
    [{ kind: 'loop' }, 'error', 'path-loop', /loop of symbolic links/],
    [{ kind: 'unreadable', detail: 'EACCES' }, 'error', 'path-unreadable', /\(EACCES\)/],
    [{ kind: 'silent' }, 'error', 'path-silent', /does not answer/],
    [{ kind: 'broken', detail: 'ENAMETOOLONG' }, 'error', 'path-broken', /\(ENAMETOOLONG\)/],
  ])('%j is told as %s', (wish, level, code, message) => {
    const finding = find(place({ subject: { ...directory, ...wish } }), code);
    expect(finding).toMatchObject({ level, message: expect.stringMatching(message) });
    expect(finding.remedy).not.toEqual([]);
  });

  it('says nothing else of a path that nothing can be said of', () => {
    const subject: Subject = { ...directory, kind: 'silent' };
    expect(judgePlace(place({ subject, backends: [] })).map(({ code }) => code)).toEqual([
      'path-silent',
    ]);
  });
});

describe('the choice', () => {
  const failure = {
    code: 'ERR_WATCH_BACKEND_MISSING',
    message: 'The backend "native" is not installed',
    remedy: 'run: npm install x',
  };

  it('tells a backend that is asked for and not there, its remedy, and what takes over', () => {
    const native = backend('native', { role: 'unused', asked: true, failure });
    expect(find(place({ backends: [native, backend('fs')] }), 'backend-unusable')).toEqual({
      level: 'error',
      code: 'backend-unusable',
      message:
        'native is asked for and cannot be used: The backend "native" is not installed; fs takes over',
      remedy: ['run: npm install x'],
    });
  });

  it('does not call what stands in well, nor what was asked for the reason', () => {
    const native = backend('native', { role: 'unused', asked: true, failure });
    expect(find(place({ backends: [native, backend('fs')] }), 'backend')).toEqual({
      level: 'warning',
      code: 'backend',
      message: 'native cannot be used, fs stands in',
      remedy: [],
    });
  });

  it('lets nothing take over from a backend that would only be the next', () => {
    const native = backend('native', { role: 'unused', asked: true, failure });
    const facts = place({ backends: [backend('fs', { asked: true }), native] });
    expect(find(facts, 'backend-unusable').message).toMatch(/; fs serves without it$/);
    expect(find(facts, 'backend').level).toBe('ok');
  });

  it('is silent about a backend that is not there and that nobody asked for', () => {
    const native = backend('native', { role: 'unused', failure });
    const codes = judgePlace(place({ backends: [backend('fs'), native] })).map(({ code }) => code);
    expect(codes).not.toContain('backend-unusable');
  });

  it.each([
    [true, []],
    [false, ['set "fallback" to true in the config, or name a backend that is installed']],
  ])('is an error when there is none, with fallback %s', (hasFallback, remedy) => {
    const facts = place({ backends: [], hasFallback });
    expect(find(facts, 'backend-none')).toMatchObject({ level: 'error', remedy });
  });
});

describe('who else writes', () => {
  const nfs = { ...local, fsType: 'nfs4', shared: true };

  it('is well where the backend looks by itself', () => {
    const capabilities = { ...eventPromises, costPer: 'sweep', foreignWrites: 'seen' } as const;
    const facts = place({ place: nfs, backends: [backend('poll', { capabilities })] });
    expect(find(facts, 'foreign-writes')).toMatchObject({ level: 'ok', remedy: [] });
  });

  it.each(['unseen', 'unknown'] as const)('gives the rule to add when they are %s', (it) => {
    const capabilities = { ...eventPromises, foreignWrites: it };
    const facts = place({ place: nfs, backends: [backend('fs', { capabilities })] });
    expect(find(facts, 'foreign-writes')).toMatchObject({
      level: 'warning',
      remedy: ['rules: [{"match":"/data/**","use":"poll"}]', 'or WATCHKEEPER_BACKEND=poll'],
    });
  });

  it('says that the files of /proc tell nothing', () => {
    const facts = place({ place: { ...local, fsType: 'proc' } });
    expect(find(facts, 'place-virtual')).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('poll neither'),
      remedy: ['read the file by its content at intervals of your own, or watch another source'],
    });
  });

  it.each(['sysfs', 'bpf', 'efivarfs', 'pstore'])('says so of %s, as the order does', (fsType) => {
    expect(orderAt({ ...local, fsType, shared: false }).because).toContain('made up at each read');
    expect(find(place({ place: { ...local, fsType } }), 'place-virtual').message).toContain(fsType);
  });

  it('asks for no rights where no right helps', () => {
    const proc = { ...local, fsType: 'proc' };
    const tree = { directories: 9, entries: 60, stoppedBy: null, unreadable: 1 };
    const closed: Subject = { ...directory, kind: 'unreadable', detail: 'EACCES' };
    const findings = [
      find(place({ place: proc, tree }), 'tree-unreadable'),
      find(place({ place: proc, subject: closed }), 'path-unreadable'),
    ];
    for (const { remedy } of findings) {
      expect(remedy.join()).toContain('read the file by its content');
      expect(remedy.join()).not.toContain('give this user');
    }
  });

  it('says what is held back until a close', () => {
    const capabilities = { ...eventPromises, openFileAppends: 'on-close' } as const;
    const facts = place({ backends: [backend('fs', { capabilities })] });
    expect(find(facts, 'open-file-appends')).toMatchObject({ level: 'warning' });
  });
});

describe('what the tree takes', () => {
  it.each<[limit: number, used: number, level: Finding['level'], message: RegExp]>([
    [1000, 0, 'ok', /needs 100 .* 1000 of 1000 are free/],
    [1000, 880, 'warning', /needs 100 .* 120 of 1000 are free/],
    [1000, 950, 'warning', /only 50 of 1000 are free: poll takes over/],
    [0, 0, 'warning', /only 0 of 0 are free/],
  ])('with %i watches, %i of them used, is %s', (limit, used, level, message) => {
    const limits = { inotify: inotify(limit, 128, { watches: used }), openFiles: null };
    const finding = find(place({ limits }), 'inotify-watches');
    expect(finding).toMatchObject({ level, message: expect.stringMatching(message) });
    expect(finding.remedy[0] ?? '').toMatch(level === 'ok' ? /^$/ : /max_user_watches=524288$/);
  });

  it.each([
    ['fallback is off', { hasFallback: false }],
    ['nothing stands by', { backends: [backend('fs')] }],
  ])('is an error when too few watches are left and %s', (_, wish) => {
    const limits = { inotify: inotify(10, 128), openFiles: null };
    expect(find(place({ limits, ...wish }), 'inotify-watches')).toMatchObject({ level: 'error' });
  });

  it('advises twice of what is needed, where that is more', () => {
    const limits = { inotify: inotify(10, 128), openFiles: null };
    const backends = [backend('fs', { demand: { watches: 400_000, atLeast: true } })];
    const tree = {
      directories: 400_000,
      entries: 1_000_000,
      stoppedBy: 'time',
      unreadable: 0,
    } as const;
    const finding = find(place({ limits, backends, tree }), 'inotify-watches');
    expect(finding.message).toContain('needs at least 400000 inotify watches');
    expect(finding.remedy[0]).toBe('sudo sysctl -w fs.inotify.max_user_watches=1048576');
  });

  it.each([
    [
      'a process may not be read',
      { usage: { watches: 0, instances: 0, processes: 1, unreadable: 1 } },
    ],
    ['nothing is known of the use', { usage: null }],
  ])('says "at most" when %s', (_, wish) => {
    const limits = { inotify: { ...inotify(1000, 128), ...wish }, openFiles: null };
    expect(find(place({ limits }), 'inotify-watches').message).toContain('at most 1000 of 1000');
  });

  it('warns of a tree that is large to poll', () => {
    const capabilities = { ...eventPromises, costPer: 'sweep' } as const;
    const backends = [backend('poll', { capabilities, demand: { watches: 0, atLeast: false } })];
    const tree = { directories: 9, entries: 60_000, stoppedBy: null, unreadable: 0 };
    expect(find(place({ backends, tree }), 'poll-size')).toMatchObject({ level: 'warning' });
  });

  it('warns of directories that may not be read', () => {
    const tree = { directories: 9, entries: 60, stoppedBy: null, unreadable: 2 };
    expect(find(place({ tree }), 'tree-unreadable').message).toMatch(/^2 directories/);
  });

  it('counts one of a thing in the singular', () => {
    const tree = { directories: 1, entries: 1, stoppedBy: null, unreadable: 1 };
    const backends = [backend('fs', { demand: { watches: 1, atLeast: false } })];
    const limits = { inotify: inotify(2, 128, { watches: 1 }), openFiles: null };
    const facts = place({ tree, backends, limits });
    expect(find(facts, 'tree-unreadable').message).toMatch(/^1 directory of/);
    expect(find(facts, 'inotify-watches').message).toBe(
      'fs needs 1 inotify watch for this tree, 1 of 2 is free',
    );
  });
});

describe('the probe', () => {
  const { probe } = place();
  const step = { action: 'append', reportedAfterMs: null, closedFirst: false } as const;

  it.each<[string, Partial<PlaceFacts['probe']>, Finding['level'], RegExp]>([
    ['probe-skipped', { outcome: 'skipped', because: 'why' }, 'warning', /not tried out: why/],
    [
      'probe-failed',
      { outcome: 'failed', failure: { code: 'EIO', message: 'bad', remedy: 'fix' } },
      'error',
      /fs out failed: bad/,
    ],
    ['probe-silent', { steps: [...probe.steps, step] }, 'error', /not tell of an append/],
    [
      'probe-silent',
      { steps: [step], failure: { code: 'X', message: 'it ended', remedy: null } },
      'error',
      /not tell of an append .*: it ended$/,
    ],
    [
      'probe-degraded',
      { failure: { code: 'X', message: 'not all of it', remedy: null } },
      'warning',
      /and of a problem: not all of it$/,
    ],
    [
      'probe-slow',
      { steps: [{ ...step, reportedAfterMs: 250 }] },
      'warning',
      /100 ms\): append.*250 ms/,
    ],
    [
      'probe',
      { steps: [{ ...step, reportedAfterMs: 40, closedFirst: true }] },
      'ok',
      /append told after 40 ms after its close/,
    ],
  ])('is told as %s', (code, wish, level, message) => {
    const finding = find(place({ probe: { ...probe, ...wish } }), code);
    expect(finding).toMatchObject({ level, message: expect.stringMatching(message) });
  });
});
