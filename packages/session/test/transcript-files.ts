import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { ChangeItem, SessionStore } from '@watchkeeper/session';

/** A directory of transcripts that a test may write to. */
export interface Transcripts {
  readonly directory: string;
  /** The directory that is synced. */
  readonly root: string;
  /** Where the store's database goes. */
  readonly database: string;
  /** Absolute path of a file below the root. */
  readonly path: (name: string) => string;
  readonly write: (name: string, text: string) => Promise<void>;
  readonly append: (name: string, text: string) => Promise<void>;
  readonly dispose: () => Promise<void>;
}

export async function createTranscripts(): Promise<Transcripts> {
  const directory = await mkdtemp(join(tmpdir(), 'watchkeeper-sync-'));
  const root = join(directory, 'projects');
  const path = (name: string): string => join(root, name);
  await mkdir(root);
  return {
    directory,
    root,
    database: join(directory, 'store', 'sessions.db'),
    path,
    async write(name, text) {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), text);
    },
    append: (name, text) => appendFile(path(name), text),
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
}

/** A prompt as Claude Code writes it, with its newline; without a uuid its key is its place in the file. */
export function promptLine(uuid: string | null, text: string = `prompt ${uuid}`): string {
  return `${JSON.stringify({
    type: 'user',
    ...(uuid === null ? {} : { uuid }),
    parentUuid: null,
    sessionId: 'from-the-record',
    timestamp: '2026-05-01T10:00:00.000Z',
    cwd: '/home/me/project',
    message: { role: 'user', content: text },
  })}\n`;
}

/** Prompts `first` to `first + count - 1`. */
export function promptLines(first: number, count: number, prefix: string = 'u'): string {
  return Array.from({ length: count }, (_, index) => promptLine(`${prefix}${first + index}`)).join(
    '',
  );
}

/** Keys of every message of a session, in order. */
export async function keysOf(store: SessionStore, sessionId: string): Promise<string[]> {
  return (await itemsOf(store, sessionId)).map((item) => item.key);
}

/** Every message of a session, in order. */
export async function itemsOf(store: SessionStore, sessionId: string): Promise<ChangeItem[]> {
  const items: ChangeItem[] = [];
  for (let from = 0; ; from = items.at(-1)?.seq ?? from) {
    const page = await store.window(sessionId, { from, limit: 1000 });
    items.push(...page);
    if (page.length < 1000) return items;
  }
}

/** The keys `u<first>` to `u<first + count - 1>`. */
export function keys(first: number, count: number, prefix: string = 'u'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${first + index}`);
}
