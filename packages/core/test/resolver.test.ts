import { describe, expect, it } from 'vitest';
import type { AbsPath } from '../src/entry.ts';
import { WatchError } from '../src/errors.ts';
import { MAX_LINKS, resolvePath, type Look, type Resolution } from '../src/resolver.ts';
import { stat } from './support/stat.ts';

type Disk = Readonly<Record<string, Look>>;

const file = stat();
const directory = stat({ type: 'directory' });
const link = (to: string): Look => stat({ type: 'symlink', link: to });
const denied = new WatchError('denied', { code: 'ERR_WATCH_PERMISSION', backend: 'core' });

function resolveOn(disk: Disk, path: string, follow = true): Resolution {
  const steps = resolvePath(path as AbsPath, follow);
  let step = steps.next();
  while (step.done !== true) {
    step = steps.next(step.value === '/' ? directory : (disk[step.value] ?? null));
  }
  return step.value;
}

/** `kind place`, then every link in brackets. */
function show({ links, target }: Resolution): string {
  const end = target.kind === 'directory' ? target.root : `${target.directory} ${target.name}`;
  return [target.kind, end, ...links.map((hinge) => `[${hinge.directory} ${hinge.name}]`)].join(
    ' ',
  );
}

const configMap: Disk = {
  '/etc': directory,
  '/etc/cfg': directory,
  '/etc/cfg/c.json': link('..data/c.json'),
  '/etc/cfg/..data': link('..2024'),
  '/etc/cfg/..2024': directory,
  '/etc/cfg/..2024/c.json': file,
};

const table: readonly [title: string, disk: Disk, path: string, shown: string][] = [
  ['a file', { '/w': directory, '/w/f': file }, '/w/f', 'entry /w f'],
  ['a directory', { '/w': directory }, '/w', 'directory /w'],
  ['the root of the file system', {}, '/', 'directory /'],
  ['a missing name', { '/w': directory }, '/w/f', 'entry /w f'],
  ['missing parents', { '/w': directory }, '/w/a/b/f', 'waiting /w a'],
  ['a parent that is a file', { '/w': directory, '/w/a': file }, '/w/a/f', 'waiting /w a'],
  [
    'a link to a file',
    { '/w': directory, '/w/l': link('f'), '/w/f': file },
    '/w/l',
    'entry /w f [/w l]',
  ],
  [
    'an absolute link',
    { '/w': directory, '/w/l': link('/v/f'), '/v': directory, '/v/f': file },
    '/w/l',
    'entry /v f [/w l]',
  ],
  [
    'a link upwards',
    { '/w': directory, '/w/a': directory, '/w/a/l': link('../f'), '/w/f': file },
    '/w/a/l',
    'entry /w f [/w/a l]',
  ],
  [
    'a link to its directory',
    { '/w': directory, '/w/a': directory, '/w/a/l': link('..') },
    '/w/a/l',
    'directory /w [/w/a l]',
  ],
  [
    'a link to a directory',
    { '/w': directory, '/w/l': link('d'), '/w/d': directory },
    '/w/l',
    'directory /w/d [/w l]',
  ],
  [
    'a link on the way',
    { '/w': directory, '/w/l': link('d'), '/w/d': directory, '/w/d/f': file },
    '/w/l/f',
    'entry /w/d f [/w l]',
  ],
  ['a dangling link', { '/w': directory, '/w/l': link('gone') }, '/w/l', 'entry /w gone [/w l]'],
  [
    'a link into missing parents',
    { '/w': directory, '/w/l': link('x/y') },
    '/w/l',
    'waiting /w x [/w l]',
  ],
  [
    'a chain of links',
    { '/w': directory, '/w/l': link('m'), '/w/m': link('f'), '/w/f': file },
    '/w/l',
    'entry /w f [/w l] [/w m]',
  ],
  [
    'a mounted ConfigMap',
    configMap,
    '/etc/cfg/c.json',
    'entry /etc/cfg/..2024 c.json [/etc/cfg c.json] [/etc/cfg ..data]',
  ],
  [
    'a link in the file system root on the way',
    { '/tmp': link('w'), '/w': directory, '/w/f': file },
    '/tmp/f',
    'entry /w f',
  ],
  [
    'a link in the file system root as the end',
    { '/l': link('w'), '/w': directory },
    '/l',
    'directory /w [/ l]',
  ],
  [
    'a name that cannot be looked at',
    { '/w': directory, '/w/a': directory, '/w/a/f': denied },
    '/w/a/f',
    'blocked /w a',
  ],
];

describe('resolvePath', () => {
  it('says what the hinge of a blocked path is, or that it cannot be told', () => {
    const at = { '/w': directory, '/w/a': directory, '/w/a/f': denied };
    expect(resolveOn(at, '/w/a/f').target).toMatchObject({ name: 'a', stat: directory });
    const above = { ...at, '/w/a': denied };
    expect(resolveOn(above, '/w/a/f').target).toMatchObject({ name: 'w', stat: directory });
    const all = resolveOn({ '/w': denied }, '/w/a').target;
    expect(all).toMatchObject({ kind: 'blocked', directory: '/', name: 'w', stat: undefined });
  });

  it.each(table)('follows %s', (_, disk, path, shown) => {
    expect(show(resolveOn(disk, path))).toBe(shown);
  });

  it('stops at a link when asked for the link itself', () => {
    const disk = { '/w': directory, '/w/l': link('f'), '/w/f': file };
    expect(show(resolveOn(disk, '/w/l', false))).toBe('entry /w l');
  });

  it('follows links on the way even when asked for the link at the end', () => {
    const disk = { '/w': directory, '/w/l': link('d'), '/w/d': directory, '/w/d/m': link('f') };
    expect(show(resolveOn(disk, '/w/l/m', false))).toBe('entry /w/d m [/w l]');
  });

  it('gives up on a loop of links and names each of them once: any may undo it', () => {
    const disk = { '/w': directory, '/w/a': link('b'), '/w/b': link('c'), '/w/c': link('a') };
    const found = resolveOn(disk, '/w/a');
    expect(found.target).toMatchObject({ kind: 'loop', error: { code: 'ERR_WATCH_LOOP' } });
    const { directory: at, name } = found.target as { directory: string; name: string };
    const names = [...found.links.map((hinge) => hinge.name), name];
    expect(names.toSorted()).toEqual(['a', 'b', 'c']);
    expect(at).toBe('/w');
  });

  it('gives up on a loop of links in the file system root', () => {
    const { target } = resolveOn({ '/a': link('b'), '/b': link('a') }, '/a/f');
    expect(target).toMatchObject({ kind: 'loop', directory: '/' });
  });

  it('names a link once that is passed twice', () => {
    const disk = {
      '/w': directory,
      '/w/d': directory,
      '/w/l': link('d'),
      '/w/m': link('l/../l/f'),
      '/w/d/f': file,
    };
    expect(show(resolveOn(disk, '/w/m'))).toBe('entry /w/d f [/w m] [/w l]');
  });

  it('follows as many links as the kernel does', () => {
    const disk: Record<string, Look> = { '/w': directory, '/w/f': file };
    for (let index = 0; index < MAX_LINKS; index++) {
      disk[`/w/${index}`] = link(index + 1 === MAX_LINKS ? 'f' : `${index + 1}`);
    }
    expect(resolveOn(disk, '/w/0').target.kind).toBe('entry');
  });
});
