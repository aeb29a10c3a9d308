import { describe, expect, it } from 'vitest';
import type { OpenRequest, Scope, Sink } from '../src/backend.ts';
import { WatchError } from '../src/errors.ts';
import { createManualBackend } from '../src/testing/manual-backend.ts';
import { createManualClock } from '../src/testing/manual-clock.ts';
import { createOpenRequest } from '../src/testing/open-request.ts';

function request(root: string, scope: Scope, signal = new AbortController().signal): OpenRequest {
  return createOpenRequest(root, { scope, clock: createManualClock(), signal });
}

function sink(log: string[]): Sink {
  return {
    touched: (touches) => void log.push(...touches.map(({ path, reach }) => `${path} ${reach}`)),
    lost: (under, why) => void log.push(`lost ${under.join()} ${why}`),
    degraded: ({ code }) => void log.push(`degraded ${code}`),
    ended: ({ code }) => void log.push(`ended ${code}`),
  };
}

const failure = new WatchError('failed', { code: 'ERR_WATCH_IO', backend: 'manual' });

describe('createManualClock', () => {
  it('fires timers in order of their time, also those set meanwhile, and settles promises between', async () => {
    const clock = createManualClock({ now: 100, wallNow: 5000 });
    const log: string[] = [];
    clock.setTimeout(() => log.push(`late ${clock.now()}`), 30);
    clock.setTimeout(() => {
      log.push(`early ${clock.now()}`);
      void Promise.resolve().then(() => log.push('settled'));
      clock.setTimeout(() => log.push(`nested ${clock.now()}`), 5);
    }, 10);
    clock.setTimeout(() => log.push('cancelled'), 10).cancel();
    expect(clock.pending).toBe(2);
    await clock.advance(50);
    expect(log).toEqual(['early 110', 'settled', 'nested 115', 'late 130']);
    expect([clock.now(), clock.wallNow(), clock.pending]).toEqual([150, 5050, 0]);
  });

  it('leaves what is not due', async () => {
    const clock = createManualClock();
    let fired = false;
    clock.setTimeout(() => (fired = true), 11);
    await clock.advance(10);
    expect([fired, clock.pending]).toEqual([false, 1]);
  });
});

describe('createManualBackend', () => {
  it('touches those subscriptions whose scope covers the path', async () => {
    const backend = createManualBackend();
    const logs: string[][] = [[], [], []];
    await backend.open(request('/w', { kind: 'names', names: new Set(['f']) }), sink(logs[0]!));
    await backend.open(request('/w', { kind: 'directory' }), sink(logs[1]!));
    await backend.open(request('/w', { kind: 'tree' }), sink(logs[2]!));
    expect(['/w/f', '/w/g', '/w/d/f', '/w', '/wx'].map((path) => backend.touch(path))).toEqual([
      3, 2, 1, 3, 0,
    ]);
    backend.touch('/w/f', { reach: 'tree' });
    expect(logs[0]).toEqual(['/w/f entry', '/w entry', '/w/f tree']);
  });

  it('loses, degrades and ends on command, and is silent afterwards', async () => {
    const backend = createManualBackend();
    const log: string[] = [];
    await backend.open(request('/w', { kind: 'tree' }), sink(log));
    backend.lose();
    backend.lose('stall', '/w/d');
    backend.lose('stall', '/elsewhere');
    backend.degrade(failure);
    backend.end(failure);
    backend.touch('/w/f');
    expect(log).toEqual([
      'lost /w overflow',
      'lost /w/d stall',
      'degraded ERR_WATCH_IO',
      'ended ERR_WATCH_IO',
    ]);
    expect([backend.subscriptions.length, backend.active.length]).toEqual([1, 0]);
  });

  it('rejects and delays opens on command, and honours the signal', async () => {
    const backend = createManualBackend();
    const release = backend.holdOpens();
    const controller = new AbortController();
    const opens = [
      backend.open(request('/a', { kind: 'tree' }), sink([])),
      backend.open(request('/b', { kind: 'tree' }, controller.signal), sink([])),
    ];
    expect(backend.heldOpens).toBe(2);
    backend.rejectOpens(({ root }) => (root === '/a' ? failure : null));
    controller.abort();
    release();
    const results = await Promise.allSettled(opens);
    expect(results).toMatchObject([{ reason: failure }, { reason: { code: 'ERR_WATCH_ABORTED' } }]);
    const later = new AbortController();
    const open = await backend.open(request('/c', { kind: 'tree' }, later.signal), sink([]));
    later.abort();
    expect(open).toMatchObject({ closed: true });
  });

  it('keeps a barrier where it is given one', async () => {
    const calls: string[] = [];
    const backend = createManualBackend({
      barrier: ({ request: { root } }) => void calls.push(root),
    });
    const open = await backend.open(request('/w', { kind: 'tree' }), sink([]));
    await open.barrier?.();
    expect(calls).toEqual(['/w']);
    const without = await createManualBackend().open(request('/w', { kind: 'tree' }), sink([]));
    expect('barrier' in without && without.barrier !== undefined).toBe(false);
  });
});
