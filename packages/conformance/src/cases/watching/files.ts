import {
  chmodSync,
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  utimesSync,
} from 'node:fs';
import { scripted, type Script } from './scripted-case.ts';

/** An old date, in seconds. */
const OLD = 1_000_000_000;

/** More than fits 32 bits, and a double only just: sizes are exact. */
const HUGE = 5 * 2 ** 30 + 1;

const posix = (): true | string => process.platform !== 'win32' || 'POSIX only';

const scripts: readonly Script[] = [
  {
    name: 'create-empty',
    title: 'an empty new file is one create',
    steps: [[{ a: 'create' }, (w) => void w.write(w.at('a'), '')]],
  },
  {
    name: 'create-with-data',
    title: 'a file written at once is one create with its final size',
    steps: [[{ a: 'create' }, (w) => void w.write(w.at('a'), 'x'.repeat(1024))]],
  },
  {
    name: 'modify',
    title: 'content that grows, keeps its size or shrinks is a modify each time',
    prepare: (w) => void w.write(w.at('a'), 'one\n'),
    steps: [
      [{ a: 'modify' }, (w) => void w.write(w.at('a'), 'one two\n')],
      [{ a: 'modify' }, (w) => void w.write(w.at('a'), 'two one\n')],
      [{ a: 'modify' }, (w) => w.truncate(w.at('a'))],
      [{ a: 'modify' }, (w) => w.append(w.at('a'), 'x'.repeat(4096))],
    ],
  },
  {
    name: 'rewrite-and-restore-times',
    title: 'a same-sized rewrite with its old time put back is reported',
    prepare: (w) => utimesSync(w.write(w.at('a'), 'one\n'), OLD, OLD),
    steps: [
      [
        { a: ['modify', 'attributes'] },
        (w) => {
          w.write(w.at('a'), 'two\n');
          utimesSync(w.at('a'), OLD, OLD);
        },
      ],
    ],
  },
  {
    name: 'modify-twice',
    title: 'two same-sized writes with a look between them are one modify in a flush',
    prepare: (w) => void w.write(w.at('a'), 'one\n'),
    steps: [
      [
        { a: 'modify' },
        (w) => {
          w.write(w.at('a'), 'two\n');
          lstatSync(w.at('a'));
          w.write(w.at('a'), 'six\n');
        },
      ],
    ],
  },
  {
    name: 'appends',
    title: 'twenty appends are a modify each, the last with the final size',
    prepare: (w) => void w.write(w.at('a'), ''),
    steps: Array.from({ length: 20 }, (_, line) => [
      { a: 'modify' } as const,
      (w) => w.append(w.at('a'), `line ${line}\n`),
    ]),
  },
  {
    name: 'metadata',
    title: 'a changed mode is attributes; a changed time is a modify or attributes',
    applies: posix,
    prepare: (w) => void w.write(w.at('a')),
    steps: [
      [{ a: 'attributes' }, (w) => chmodSync(w.at('a'), 0o600)],
      [{ a: ['modify', 'attributes'] }, (w) => utimesSync(w.at('a'), OLD, OLD)],
    ],
  },
  {
    name: 'reading',
    title: 'reading, opening and closing a file is nothing',
    prepare: (w) => void w.write(w.at('a')),
    steps: [
      [{}, (w) => void readFileSync(w.at('a'))],
      [{}, (w) => closeSync(openSync(w.at('a'), 'r+'))],
    ],
  },
  {
    name: 'unlink',
    title: 'a removed file is a remove',
    prepare: (w) => void w.write(w.at('a')),
    steps: [[{ a: 'remove' }, (w) => w.remove(w.at('a'))]],
  },
  {
    name: 'create-and-unlink',
    title: 'a file that came and went in one turn is nothing',
    steps: [[{}, (w) => w.remove(w.write(w.at('a')))]],
  },
  {
    name: 'unlink-and-create',
    title:
      'a file removed and made again in one turn is a replace, although the inode may be the same',
    prepare: (w) => void w.write(w.at('a')),
    steps: [
      [
        { a: 'replace' },
        (w) => {
          w.remove(w.at('a'));
          w.write(w.at('a'));
        },
      ],
    ],
  },
  {
    name: 'hard-link',
    title: 'a hard link is a create',
    applies: posix,
    prepare: (w) => void w.write(w.at('a')),
    steps: [[{ b: 'create', a: ['attributes', null] }, (w) => linkSync(w.at('a'), w.at('b'))]],
  },
  {
    name: 'huge-sparse-file',
    title: 'a sparse file of more than five gibibytes is reported with its exact size',
    applies: posix,
    prepare: (w) => void w.write(w.at('a'), ''),
    steps: [[{ a: 'modify' }, (w) => w.truncate(w.at('a'), HUGE)]],
  },
  {
    name: 'decomposed-twins',
    title: 'two spellings of one letter are two files where the file system keeps them apart',
    applies: () => process.platform === 'linux' || 'file systems here may fold them',
    steps: [
      [
        { '\u00e9': 'create', 'e\u0301': 'create' },
        (w) => {
          w.write(w.at('\u00e9'));
          w.write(w.at('e\u0301'));
        },
      ],
      [{ '\u00e9': 'remove' }, (w) => w.remove(w.at('\u00e9'))],
    ],
  },
];

/** What happens to one file. */
export const fileCases: readonly ReturnType<typeof scripted>[] = scripts.map(scripted);
