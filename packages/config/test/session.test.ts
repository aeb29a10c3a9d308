import { describe, expect, test, vi } from 'vitest';
import type { ApplyContext } from '../src/index.ts';
import { createRig, file } from './fixtures/rig.ts';
import type { Rig, Settings } from './fixtures/rig.ts';

async function change(rig: Rig, port: number, name = 'app'): Promise<void> {
  rig.fs.write(file, `port: ${port}\nname: ${name}\n`);
  rig.watcher.hint();
  await rig.clock.advance(2000);
}

describe('a session', () => {
  test('gets the current value at once and acknowledges it', async () => {
    const rig = createRig();
    await rig.config.ready;
    const apply = vi.fn<(port: number, context: ApplyContext<Settings>) => void>();
    const session = rig.config.session({ id: 'a', select: ({ port }) => port, apply });
    expect(session.acked).toBe(0);
    const acked = session.whenAcked(1);
    await rig.clock.advance(10);
    await acked;
    expect(apply).toHaveBeenCalledExactlyOnceWith(80, expect.anything());
    expect(apply.mock.calls[0]![1]).toMatchObject({ generation: 1, attempt: 1 });
    expect(session).toMatchObject({ acked: 1, state: 'idle' });
    expect(rig.events).toContainEqual({ type: 'ack', session: 'a', generation: 1, ms: 0 });
  });

  test('opened before the first load gets it when it is there', async () => {
    const rig = createRig();
    const apply = vi.fn<() => void>();
    rig.config.session({ id: 'a', apply });
    await rig.config.ready;
    await rig.clock.advance(10);
    expect(apply).toHaveBeenCalledTimes(1);
  });

  test('busy with one value is next given the newest one, with the step from what it had', async () => {
    const rig = createRig();
    await rig.config.ready;
    const gates: (() => void)[] = [];
    const seen: { generation: number; skipped: number; ops: number; from: unknown }[] = [];
    const session = rig.config.session({
      id: 'a',
      async apply(_value, { change: step, generation }) {
        seen.push({
          generation,
          skipped: step.skipped,
          ops: step.ops.length,
          from: step.previous?.generation,
        });
        await new Promise<void>((resolve) => void gates.push(resolve));
      },
    });
    await rig.clock.advance(10);
    for (let port = 81; port <= 84; port++) await change(rig, port, `n${port}`);
    expect(session).toMatchObject({ state: 'applying', acked: 0 });
    gates.shift()!();
    await rig.clock.advance(10);
    gates.shift()!();
    await rig.clock.advance(10);
    expect(seen).toEqual([
      { generation: 1, skipped: 0, ops: 0, from: undefined },
      { generation: 5, skipped: 3, ops: 2, from: 1 },
    ]);
    expect(session.acked).toBe(5);
  });

  test('whose part did not change acknowledges without a call', async () => {
    const rig = createRig();
    await rig.config.ready;
    const apply = vi.fn<() => void>();
    const session = rig.config.session({ id: 'a', select: ({ log }) => ({ ...log }), apply });
    await rig.clock.advance(10);
    await change(rig, 81);
    expect(apply).toHaveBeenCalledTimes(1);
    expect(session.acked).toBe(2);
  });

  test('that fails is tried again with growing pauses, then left alone until the next generation', async () => {
    const rig = createRig();
    await rig.config.ready;
    const attempts: { at: number; attempt: number }[] = [];
    let broken = true;
    const session = rig.config.session({
      id: 'a',
      apply(_value, { attempt }) {
        attempts.push({ at: rig.clock.now(), attempt });
        if (broken) throw new Error('no connection');
      },
    });
    await rig.clock.advance(60_000);
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    const pauses = attempts.slice(1).map(({ at }, index) => at - attempts[index]!.at);
    expect(pauses).toEqual([375, 750, 1500]);
    expect(session).toMatchObject({ state: 'nacked', acked: 0, lastError: { code: 'E_NACK' } });
    expect(rig.config.status()).toMatchObject({ sessions: { total: 1, nacked: 1, behind: 0 } });
    broken = false;
    await change(rig, 81);
    expect(session).toMatchObject({ state: 'idle', acked: 2, lastError: undefined });
  });

  test('that never answers is aborted after its time, and its late answer ignored', async () => {
    const rig = createRig({ options: { fanout: { ackTimeoutMs: 100, retry: { attempts: 0 } } } });
    await rig.config.ready;
    let answer: (() => void) | undefined;
    let signal: AbortSignal | undefined;
    const session = rig.config.session({
      id: 'a',
      async apply(_value, context) {
        ({ signal } = context);
        await new Promise<void>((resolve) => (answer = resolve));
      },
    });
    await rig.clock.advance(200);
    expect(signal?.aborted).toBe(true);
    expect(session).toMatchObject({ state: 'nacked', lastError: { code: 'E_ACK_TIMEOUT' } });
    answer!();
    await rig.clock.advance(10);
    expect(session.acked).toBe(0);
  });

  test('that fails does not hinder the others', async () => {
    const rig = createRig({ options: { fanout: { retry: { attempts: 0 } } } });
    await rig.config.ready;
    const sessions = Array.from({ length: 10 }, (_, index) =>
      rig.config.session({
        id: `s${index}`,
        apply() {
          if (index === 3) throw new Error('bad luck');
        },
      }),
    );
    await rig.clock.advance(100);
    expect(sessions.filter(({ acked }) => acked === 1)).toHaveLength(9);
    const rollouts = rig.events.flatMap((event) =>
      event.type === 'rollout' ? [event.rollout] : [],
    );
    await change(rig, 81);
    expect(rig.config.status().rollout).toMatchObject({ acked: 9, nacked: 1, done: true });
    expect(rollouts.every(({ done }) => done)).toBe(true);
  });

  test('that closes is aborted, forgotten, and rejects those who wait for it', async () => {
    const rig = createRig();
    await rig.config.ready;
    let signal: AbortSignal | undefined;
    const session = rig.config.session({
      id: 'a',
      async apply(_value, context) {
        ({ signal } = context);
        await new Promise<never>(() => undefined);
      },
    });
    await rig.clock.advance(10);
    const waiting = session.whenAcked(1);
    await session.close();
    await expect(waiting).rejects.toMatchObject({ code: 'E_CLOSED' });
    expect(signal?.aborted).toBe(true);
    expect(session.state).toBe('closed');
    expect(rig.config.status().sessions.total).toBe(0);
    expect(() => rig.config.session({ id: 'a', apply: () => undefined })).not.toThrow();
  });

  test('ends with its signal, and waiting ends with its own', async () => {
    const rig = createRig();
    const life = new AbortController();
    const patience = new AbortController();
    const session = rig.config.session({
      id: 'a',
      signal: life.signal,
      apply: () => undefined,
    });
    const waiting = session.whenAcked(99, { signal: patience.signal });
    patience.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'E_ABORTED' });
    life.abort();
    expect(session.state).toBe('closed');
  });

  test('needs an id of its own', () => {
    const { config } = createRig();
    config.session({ id: 'a', apply: () => undefined });
    expect(() => config.session({ id: 'a', apply: () => undefined })).toThrow(
      /^session\.id: wanted/u,
    );
  });

  test('learns from the context that it was overtaken', async () => {
    const rig = createRig();
    await rig.config.ready;
    let context: ApplyContext<Settings> | undefined;
    rig.config.session({
      id: 'a',
      async apply(_value, given) {
        context ??= given;
        await Promise.resolve();
      },
    });
    await rig.clock.advance(10);
    expect(context!.superseded()).toBe(false);
    await change(rig, 81);
    expect(context!.superseded()).toBe(true);
  });
});
