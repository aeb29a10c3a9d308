import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/**
 * What a diagnosis may read of the machine outside of the watched place: small files of the kernel and
 * marks of a container. Every answer may be missing, and for every reason: no such file, no such system,
 * no permission. None of them is a failure of the diagnosis.
 */
export interface MachineReader {
  /** Text of a small file, or `null`. */
  text(path: string): string | null;
  /** Whether something is there. */
  exists(path: string): boolean;
  /** Names in a directory, or `null`. */
  names(path: string): readonly string[] | null;
  /** Where a link points, or `null`. */
  link(path: string): string | null;
  /** Id of the user something belongs to, or `null`. */
  owner(path: string): number | null;
}

/** Reads the machine this process runs on. */
export const thisMachine: MachineReader = {
  text: (path) => orNull(() => readFileSync(path, 'utf8')),
  exists: (path) => existsSync(path),
  names: (path) => orNull(() => readdirSync(path)),
  link: (path) => orNull(() => readlinkSync(path)),
  owner: (path) => orNull(() => statSync(path).uid),
};

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    // Processes come and go and files are protected: what cannot be read is not known, whatever the code.
    return null;
  }
}

/** A whole number in a small file, or `null` when there is none. */
export function readNumber(reader: MachineReader, path: string): number | null {
  const text = reader.text(path)?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}
