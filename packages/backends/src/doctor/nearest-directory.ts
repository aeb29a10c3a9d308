import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, parse, sep } from 'node:path';

/** Links that are followed before a path counts as a loop, as in the kernel of Linux. */
const MOST_LINKS = 40;

/**
 * The last directory on the way to an absolute path, without symlinks. Links are followed also where
 * they dangle, because what a link leads to appears beside its target and not beside the link.
 */
export async function nearestDirectory(path: string): Promise<string> {
  let { root: directory } = parse(path);
  let names = namesOf(path);
  for (let links = 0; ;) {
    const [name, ...rest] = names;
    if (name === undefined) return directory;
    const next = name === '..' ? dirname(directory) : join(directory, name);
    const found = await lookAt(next);
    if (found === 'directory') {
      directory = next;
      names = rest;
    } else if (found === null || links === MOST_LINKS) {
      return directory;
    } else {
      links += 1;
      const { root } = parse(found.target);
      if (root !== '') directory = root;
      names = [...namesOf(found.target), ...rest];
    }
  }
}

type Step = 'directory' | { readonly target: string } | null;

async function lookAt(path: string): Promise<Step> {
  try {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return { target: await readlink(path) };
    return stats.isDirectory() ? 'directory' : null;
  } catch {
    // Missing, or not to be looked at: either way the path leads no further, whatever the code.
    return null;
  }
}

function namesOf(path: string): readonly string[] {
  const { root } = parse(path);
  const names = path.slice(root.length).split(sep === '\\' ? /[\\/]/ : sep);
  return names.filter((name) => name !== '' && name !== '.');
}
