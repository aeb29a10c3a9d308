import type { Diagnosis, MachineReport, PlaceReport } from '@watchkeeper/backends/doctor';
import { expect, it } from 'vitest';

import { diagnosisText } from '../../src/output/diagnosis-text.ts';
import { createPalette } from '../../src/output/palette.ts';
import { promiseLines } from '../../src/output/promise-text.ts';

const capabilities = {
  scope: { names: 'native', directory: 'native', tree: 'native' },
  delivery: 'push',
  loss: 'silent',
  openFileAppends: 'on-close',
  foreignWrites: 'unseen',
  newDirectories: 'covered',
  movedDirectories: 'tracked',
  rootRemoval: 'reported',
  resume: 'none',
  unref: true,
  costPer: 'root',
  typicalLatencyMs: 50,
  worstLatencyMs: 1000,
} as const;

const machine: MachineReport = {
  system: { platform: 'darwin', arch: 'arm64', kernel: '25.0.0', node: '24.21.0', hints: [] },
  environment: [],
  limits: { inotify: null, openFiles: { soft: 256, hard: null, used: 20 } },
  findings: [],
};

const place: PlaceReport = {
  path: '/Users/a',
  subject: {
    kind: 'directory',
    realPath: '/Users/a',
    link: null,
    directory: '/Users/a',
    detail: null,
  },
  place: {
    path: '/Users/a' as PlaceReport['place']['path'],
    platform: 'darwin',
    fsType: 'apfs',
    shared: false,
    caseSensitive: false,
  },
  mount: null,
  backends: [
    {
      name: 'fs',
      role: 'chosen',
      asked: false,
      because: 'apfs is local',
      version: 'node 24.21.0',
      failure: null,
      capabilities,
      demand: { watches: 1, atLeast: false },
    },
    {
      name: 'native',
      role: 'unused',
      asked: false,
      because: 'nothing asks for it',
      version: null,
      failure: { code: 'ERR_WATCH_BACKEND_MISSING', message: 'missing', remedy: 'install it' },
      capabilities: null,
      demand: null,
    },
  ],
  tree: { directories: 9, entries: 90, stoppedBy: 'time', unreadable: 0 },
  probe: {
    outcome: 'off',
    because: null,
    directory: null,
    openMs: null,
    steps: [],
    failure: null,
  },
  findings: [
    { level: 'warning', code: 'x', message: 'something to know', remedy: ['one step', 'another'] },
  ],
};

const plain = createPalette(false);

it('shows a machine without inotify and a place without mounts', () => {
  const diagnosis: Diagnosis = { ok: true, machine, places: [place] };
  expect(diagnosisText(diagnosis, plain)).toBe(`This machine
  system      darwin arm64, kernel 25.0.0, Node 24.21.0
  open files  20 in use by this process, limit 256, may be raised without end

/Users/a
  path                     directory, /Users/a
  file system              apfs, only this kernel writes there
  names                    upper and lower case are the same
  fs                       chosen (node 24.21.0): apfs is local; takes 1 watch
    latency                50 ms as a rule, 1000 ms at worst
    appends                told when the file is closed; a tail looks at its open file by itself
    writes from elsewhere  not told by the system; found when this place is compared with the disk
    lost events            not told by the system; the place is read again at once after a burst or a stall, and compared with the disk all the time
  native                   unused (not usable): nothing asks for it
  size                     at least 9 directories, at least 90 entries

  warning  something to know
           one step
           another
`);
});

it.each([40, 60, 80])('keeps within a terminal of %i columns, and loses no word', (columns) => {
  const remedy = [
    'sudo sysctl -w fs.inotify.max_user_watches=524288',
    'echo fs.inotify.max_user_watches=524288 | sudo tee -a /etc/sysctl.d/60-watchkeeper.conf   # to keep it',
    'or ignore directories nobody needs, such as node_modules and .git/objects',
  ];
  const message = `nothing is told of ${'/deep'.repeat(40)}/file, nor of what is beside it there`;
  const findings = [{ level: 'warning', code: 'x', message, remedy }] as const;
  const diagnosis = { ok: true, machine, places: [{ ...place, findings }] };
  const wide = diagnosisText(diagnosis, plain);
  const text = diagnosisText(diagnosis, plain, columns);
  expect(text.split('\n').filter((line) => line.length > columns)).toEqual([]);
  const bare = (it: string): string => it.replaceAll(/ \\$|\s/gm, '');
  expect(bare(text)).toBe(bare(wide));
});

it('paints each line of what is wrapped, and breaks no colour', () => {
  const remedy = ['or ignore directories nobody needs, such as node_modules and .git/objects'];
  const findings = [{ level: 'error', code: 'x', message: 'bad', remedy }] as const;
  const diagnosis = { ok: true, machine, places: [{ ...place, findings }] };
  expect(diagnosisText(diagnosis, createPalette(true), 40)).toContain(
    '\n    \u001B[36mor ignore directories nobody needs,\u001B[39m\n    \u001B[36msuch as',
  );
});

it('counts one of a thing in the singular', () => {
  const tree = { directories: 1, entries: 1, stoppedBy: null, unreadable: 0 };
  const text = diagnosisText({ ok: true, machine, places: [{ ...place, tree }] }, plain);
  expect(text).toContain('1 directory, 1 entry\n');
});

it('says of which processes nothing is known', () => {
  const watches = { max: 100, setBy: 'fs.inotify' } as const;
  const usage = { watches: 3, instances: 1, processes: 2, unreadable: 5 };
  const inotify = { watches, instances: watches, queueLength: 16_384, usage };
  const known = { ...machine, limits: { inotify, openFiles: null } };
  const text = diagnosisText({ ok: true, machine: known, places: [] }, plain);
  expect(text).toContain('inotify watches    3 in use, limit 100 (fs.inotify)\n');
  expect(text).toContain('2 processes of this user that can be seen here; 5 more may not be read');
  const blind = { ...known, limits: { inotify: { ...inotify, usage: null }, openFiles: null } };
  expect(diagnosisText({ ok: true, machine: blind, places: [] }, plain)).toContain(
    'inotify watches    unknown how many in use, limit 100',
  );
});

it('promises no loss of events where there are none', () => {
  const lines = promiseLines({ ...capabilities, delivery: 'poll', loss: 'reported' });
  expect(lines.find(({ about }) => about === 'lost events')?.text).toBe(
    'there are no events to lose',
  );
});
