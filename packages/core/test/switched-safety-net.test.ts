import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MIN_AUTO_AUDIT_MS } from '../src/audit-budget.ts';
import type { Capabilities } from '../src/backend.ts';
import { WatchError } from '../src/errors.ts';
import { RETURN_DELAY_MS } from '../src/retrial.ts';
import { BEAT_MS } from '../src/heartbeat.ts';
import { PathWatcher } from '../src/path-watcher.ts';
import { MAX_GRACE_MS } from '../src/scope-care.ts';
import { createManualBackend, type ManualBackend } from '../src/testing/manual-backend.ts';
import { createManualClock, type ManualClock } from '../src/testing/manual-clock.ts';
import type { Watch } from '../src/watch.ts';
import { record, temporaryDirectory, type Record as Seen } from './support/scene.ts';

const silent = { loss: 'silent' } as const;
const polling = { delivery: 'poll', worstLatencyMs: 1000 } as const;

/** A backend that vouches at every flush, whatever it lost. */
function backend(name: string, capabilities: Partial<Capabilities>): ManualBackend {
  return createManualBackend({ name, capabilities, barrier: () => undefined });
}

interface Staged {
  readonly file: string;
  readonly clock: ManualClock;
  readonly watcher: PathWatcher;
  readonly watch: Watch;
  readonly seen: Seen;
}

async function staged(...backends: readonly ManualBackend[]): Promise<Staged> {
  const root = temporaryDirectory();
  const file = `${root}/f`;
  writeFileSync(file, '');
  const clock = createManualClock();
  const watcher = new PathWatcher({ backends, clock });
  onTestFinished(() => watcher.close());
  const watch = watcher.watch(root, { recursive: true });
  const seen = record(watch, root);
  await watch.ready;
  return { file, clock, watcher, watch, seen };
}

const switches: readonly [from: string, before: Partial<Capabilities>][] = [
  ['one that reports every loss', {}],
  ['one that polls', polling],
  ['another of the same kind', silent],
];

describe('a live switch to a backend that loses evidence without a word', () => {
  it.each(switches)('from %s: what is lost after it is found by an audit', async (_, before) => {
    const { file, clock, watcher, watch, seen } = await staged(backend('before', before));
    await watcher.useBackends({ backends: [backend('after', silent)] });
    expect(watch.backend?.name).toBe('after');
    appendFileSync(file, 'x');
    await clock.advance(MIN_AUTO_AUDIT_MS + BEAT_MS + MAX_GRACE_MS);
    expect(await seen.next(1)).toEqual(['modify f']);
    expect(seen.batches.at(-1)?.repaired?.why).toBe('unknown');
  });

  it.each(switches)('from %s: no flush trusts its barrier', async (_, before) => {
    const { file, watcher, watch, seen } = await staged(backend('before', before));
    await watcher.useBackends({ backends: [backend('after', silent)] });
    appendFileSync(file, 'x');
    await watch.flush();
    expect(seen.take()).toEqual(['modify f']);
  });

  it('by a return to what was wanted more: what is lost after it is found by an audit', async () => {
    const wanted = backend('wanted', silent);
    wanted.rejectOpens(
      () => new WatchError('full', { code: 'ERR_WATCH_LIMIT_WATCHES', backend: 'wanted' }),
    );
    const { file, clock, watch, seen } = await staged(wanted, backend('other', {}));
    wanted.rejectOpens(() => null);
    await clock.advance(RETURN_DELAY_MS);
    await expect.poll(() => watch.backend?.name).toBe('wanted');
    await watch.flush();
    appendFileSync(file, 'x');
    await clock.advance(MIN_AUTO_AUDIT_MS + BEAT_MS + MAX_GRACE_MS);
    expect(await seen.next(1)).toEqual(['modify f']);
  });
});

describe('a live switch away from a backend that loses evidence without a word', () => {
  it('ends the audits', async () => {
    const { clock, watcher } = await staged(backend('before', silent));
    expect(clock.pending).toBe(1);
    await watcher.useBackends({ backends: [backend('after', {})] });
    expect(clock.pending).toBe(0);
  });
});
