import { isVirtual } from '../virtual-file-system.ts';
import { error, warning, type Finding } from './finding.ts';
import type { PlaceFacts } from './place-facts.ts';
import type { Subject } from './subject.ts';

/** What helps where files are made up at each read. */
export const READ_CONTENT =
  'read the file by its content at intervals of your own, or watch another source';

type Judge = (path: string, subject: Subject, fsType: string) => Finding | null;

const JUDGES: Readonly<Record<Subject['kind'], Judge>> = {
  directory: () => null,
  file: () => null,
  missing: (path, { link, directory }) => {
    const what =
      link === null ? 'does not exist yet' : `leads to ${link}, which does not exist yet`;
    const waits = `a watch waits for it in ${directory}, and tells when it appears`;
    return warning('path-missing', `${path} ${what}: ${waits}`, 'check the spelling');
  },
  special: (path, { detail }) =>
    warning(
      'path-special',
      `${path} is a ${detail}: what passes through it is not told, only when it is made, replaced or removed`,
      'read it directly',
    ),
  loop: (path) =>
    error(
      'path-loop',
      `${path} is a loop of symbolic links: nothing can be there`,
      'turn one of the links elsewhere',
    ),
  unreadable: (path, { detail }, fsType) =>
    error(
      'path-unreadable',
      `${path} may not be looked at (${detail})`,
      isVirtual(fsType)
        ? `the kernel decides who may, and nothing could be watched there: ${READ_CONTENT}`
        : 'give this user the right to read it and to search every directory above it',
    ),
  silent: (path) =>
    error(
      'path-silent',
      `${path} does not answer: its server or disk is not there`,
      'check the mount; nothing on it can be watched before it answers',
    ),
  broken: (path, { detail }) =>
    error(
      'path-broken',
      `${path} cannot be looked at (${detail})`,
      'check the path, the disk or the mount',
    ),
};

/** Judges what is at a path; `null` when nothing is to be said. */
export function judgeSubject({
  path,
  subject,
  place,
}: Pick<PlaceFacts, 'path' | 'subject' | 'place'>): Finding | null {
  return JUDGES[subject.kind](path, subject, place.fsType);
}
