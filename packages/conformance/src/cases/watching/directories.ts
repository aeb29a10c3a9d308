import type { Expectation } from '../../scene.ts';
import type { Workspace } from '../../workspace.ts';
import { scripted, type Script } from './scripted-case.ts';

const covered: Script['applies'] = ({ capabilities }) =>
  capabilities.newDirectories === 'covered' || 'new directories leave a gap here';

const tracked: Script['applies'] = ({ capabilities }) =>
  capabilities.movedDirectories === 'tracked' || 'moved directories keep their old paths here';

const all = (kind: 'create' | 'remove', ...paths: readonly string[]): Expectation =>
  Object.fromEntries(paths.map((path) => [path, kind]));

const checkout = Array.from({ length: 500 }, (_, index) => `d${index % 50}/f${index}`);
const many = Array.from({ length: 5000 }, (_, index) => `f${index}`);

function writeAll(workspace: Workspace, names: readonly string[]): void {
  for (const name of names) workspace.write(workspace.at(name));
}

const scripts: readonly Script[] = [
  {
    name: 'new-directories',
    title: 'directories made with a file in one turn are creates, and a later write a modify',
    applies: covered,
    steps: [
      [all('create', 'a', 'a/b', 'a/b/c', 'a/b/c/f'), (w) => void w.write(w.at('a/b/c/f'))],
      [{ 'a/b/c/f': 'modify' }, (w) => w.append(w.at('a/b/c/f'))],
    ],
  },
  {
    name: 'moved-in',
    title: 'a populated directory moved in is creates, and a later write a modify',
    applies: covered,
    prepare: (w) => void w.write(w.outside('t/x/f')),
    steps: [
      [all('create', 't', 't/x', 't/x/f'), (w) => w.rename(w.outside('t'), w.at('t'))],
      [{ 't/x/f': 'modify' }, (w) => w.append(w.at('t/x/f'))],
    ],
  },
  {
    name: 'checkout',
    title: 'five hundred files in fifty new directories are a create each',
    applies: covered,
    steps: [
      [
        all('create', ...checkout, ...Array.from({ length: 50 }, (_, index) => `d${index}`)),
        (w) => writeAll(w, checkout),
      ],
    ],
  },
  {
    name: 'crowded-directory',
    title: 'five thousand files in one directory are a create each',
    steps: [[all('create', ...many), (w) => writeAll(w, many)]],
  },
  {
    name: 'remove-tree',
    title: 'a removed tree is a remove of each of its entries',
    prepare: (w) => writeAll(w, ['t/a/f', 't/b/g']),
    steps: [[all('remove', 't', 't/a', 't/a/f', 't/b', 't/b/g'), (w) => w.remove(w.at('t'))]],
  },
  {
    name: 'rename-directory',
    title: 'a renamed directory is removes and creates; a later write has the new path',
    applies: tracked,
    prepare: (w) => void w.write(w.at('x/y/f')),
    steps: [
      [
        { ...all('remove', 'x', 'x/y', 'x/y/f'), ...all('create', 'z', 'z/y', 'z/y/f') },
        (w) => w.rename(w.at('x'), w.at('z')),
      ],
      [{ 'z/y/f': 'modify' }, (w) => w.append(w.at('z/y/f'))],
    ],
  },
  {
    name: 'rename-and-remake-directory',
    title: 'a new directory under the old name and the renamed one are both right',
    applies: tracked,
    prepare: (w) => void w.write(w.at('x/f')),
    steps: [
      [
        {
          x: 'replace',
          'x/f': ['remove', 'replace'],
          'x/g': 'create',
          z: 'create',
          'z/f': 'create',
        },
        (w) => {
          w.rename(w.at('x'), w.at('z'));
          w.write(w.at('x/g'));
        },
      ],
      [{ 'z/f': 'modify' }, (w) => w.append(w.at('z/f'))],
      [{ 'x/g': 'modify' }, (w) => w.append(w.at('x/g'))],
    ],
  },
  {
    name: 'recreate-directory',
    title:
      'a directory removed and made again at once is a replace, and what is new in it a create',
    applies: covered,
    prepare: (w) => void w.write(w.at('d/old')),
    steps: [
      [
        { d: 'replace', 'd/old': 'remove', 'd/new': 'create' },
        (w) => {
          w.remove(w.at('d'));
          w.write(w.at('d/new'));
        },
      ],
      [{ 'd/new': 'modify' }, (w) => w.append(w.at('d/new'))],
    ],
  },
  {
    name: 'file-and-directory',
    title: 'a file that becomes a directory and back is a replace each time',
    applies: covered,
    prepare: (w) => void w.write(w.at('e')),
    steps: [
      [
        { e: 'replace', 'e/f': 'create' },
        (w) => {
          w.remove(w.at('e'));
          w.write(w.at('e/f'));
        },
      ],
      [
        { e: 'replace', 'e/f': 'remove' },
        (w) => {
          w.remove(w.at('e'));
          w.write(w.at('e'));
        },
      ],
    ],
  },
  {
    name: 'not-recursive',
    title: 'without recursive, entries of the directory are reported and nothing below them',
    options: { recursive: false },
    prepare: (w) => void w.write(w.at('d/f')),
    steps: [
      [{}, (w) => w.append(w.at('d/f'))],
      [{}, (w) => void w.write(w.at('d/g'))],
      [{ e: 'create' }, (w) => void w.write(w.at('e'))],
      [{ d: 'remove' }, (w) => w.remove(w.at('d'))],
    ],
  },
];

/** What happens to directories. */
export const directoryCases: readonly ReturnType<typeof scripted>[] = scripts.map(scripted);
