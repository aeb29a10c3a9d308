import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A user prompt as a transcript records it, with its newline. */
export function promptLine(sessionId: string, text: string): string {
  return `${JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    userType: 'external',
    cwd: '/home/ada/shop',
    sessionId,
    version: '2.1.45',
    gitBranch: 'main',
    type: 'user',
    message: { role: 'user', content: text },
    uuid: randomUUID(),
    timestamp: new Date().toISOString(),
  })}\n`;
}

/** A directory of transcripts with one session in it. */
export interface TranscriptRoot {
  readonly directory: string;
  readonly root: string;
  readonly sessionId: string;
  readonly file: string;
}

/** Makes a temporary root that holds one session with the given prompts. */
export function makeTranscriptRoot(prompts: readonly string[]): TranscriptRoot {
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-system-'));
  const root = join(directory, 'projects');
  const project = join(root, '-home-ada-shop');
  mkdirSync(project, { recursive: true });
  const sessionId = randomUUID();
  const file = join(project, `${sessionId}.jsonl`);
  writeFileSync(file, prompts.map((text) => promptLine(sessionId, text)).join(''));
  return { directory, root, sessionId, file };
}
