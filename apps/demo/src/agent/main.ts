import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { createRandom } from './random.ts';
import { act } from './records.ts';
import { stories } from './story.ts';
import { type } from './typist.ts';

/**
 * A simulated coding agent, in a process of its own: appends realistic records to transcripts under
 * `--root` until it is told to stop or its parent is gone.
 */
const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    seed: { type: 'string', default: '1' },
    speed: { type: 'string', default: '1' },
  },
});
if (values.root === undefined) {
  process.stderr.write('simulated agent: --root DIR is required\n');
  process.exit(2);
}
const root = values.root;
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
// The channel to the parent closes when the parent dies, also by SIGKILL.
process.on('disconnect', () => stop.abort());

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};

try {
  await Promise.all(
    stories.map(async (story, index) => {
      const random = createRandom(Number(values.seed) * 1000 + index);
      const sessionId = random.uuid();
      const project = join(root, story.cwd.replaceAll(/[^A-Za-z0-9-]/gu, '-'));
      const files = {
        main: join(project, `${sessionId}.jsonl`),
        subagent: (agentId: string): string =>
          join(project, sessionId, 'subagents', `agent-${agentId}.jsonl`),
      };
      await type(act(story, sessionId, files, random), {
        random,
        pause,
        speed: Number(values.speed),
        signal: stop.signal,
      });
    }),
  );
} catch (error) {
  process.stderr.write(
    `simulated agent: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
} finally {
  if (process.connected) process.disconnect();
}
