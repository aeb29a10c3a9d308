import { readdirSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Group } from './group.ts';

const directory = `${import.meta.dirname}/../groups`;
const extension = extname(import.meta.filename);

/** Names of all groups: one file each. */
export function groupNames(): string[] {
  return readdirSync(directory)
    .filter((file) => extname(file) === extension)
    .map((file) => basename(file, extension))
    .sort();
}

/** The group of a name. @throws RangeError when there is none, with the names there are. */
export async function findGroup(name: string): Promise<Group> {
  const names = groupNames();
  if (!names.includes(name)) {
    throw new RangeError(`unknown group ${name}; there are ${names.join(', ')}`);
  }
  const url = pathToFileURL(`${directory}/${name}${extension}`);
  const { group } = (await import(url.href)) as { readonly group: Group };
  return group;
}
