import { errorCode } from './file-io.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'allow this user to read the file and to search its directories',
  EPERM: 'allow this user to read the file and to search its directories',
  EMFILE: 'raise the limit of open files (ulimit -n) or tail fewer files',
  ENFILE: 'raise the limit of open files of the machine (fs.file-max)',
  ELOOP: 'remove the cycle of symbolic links',
  EIO: 'check the disk or the network mount',
  ESTALE: 'check the network mount',
  ERR_NOT_A_FILE: 'put a regular file there, or tail another path',
};

/** What an operator can do about a failed read, if that is known. */
export function remedyFor(error: unknown): string | undefined {
  const code = errorCode(error);
  return code === undefined ? undefined : REMEDIES[code];
}
