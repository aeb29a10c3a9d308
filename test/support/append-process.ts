import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Appends text to a file from another process, as an agent would. */
export async function appendFromAnotherProcess(file: string, text: string): Promise<void> {
  const script = 'require("node:fs").appendFileSync(process.argv[1], process.argv[2])';
  await promisify(execFile)(process.execPath, ['-e', script, file, text]);
}
