import { describe, expect, test, vi } from 'vitest';
import type { Change } from '../src/index.ts';
import { createRig, file } from './fixtures/rig.ts';
import type { Rig, Settings } from './fixtures/rig.ts';

async function change(rig: Rig, text: string): Promise<void> {
  rig.fs.replace(file, text);
  rig.watcher.hint();
  await rig.clock.advance(2000);
}

describe('a listener', () => {
  test('is called after the value is visible, with what changed', async () => {
    const rig = createRig();
    await rig.config.ready;
    const seen: unknown[] = [];
    rig.config.subscribe((step) => {
      seen.push([rig.config.get('port'), step.previous?.value.port, step.ops]);
    });
    await change(rig, 'port: 81\n');
    expect(seen).toEqual([[81, 80, [{ op: 'replace', path: ['port'], from: 80, to: 81 }]]]);
  });

  test('of a path is called only when something at, above or below it changed', async () => {
    const rig = createRig({ files: { [file]: 'port: 80\nlog:\n  level: warn\n' } });
    await rig.config.ready;
    const calls: string[] = [];
    rig.config.on('log.level', (value, old) => calls.push(`level ${old} ${value}`));
    rig.config.on('log', (value) => calls.push(`log ${value.level}`));
    rig.config.on('port', () => calls.push('port'));
    rig.config.subscribe(
      ({ name }) => name,
      () => calls.push('name'),
    );
    let step: Change<Settings> | undefined;
    rig.config.subscribe((given) => (step = given));
    await change(rig, 'port: 80\nlog:\n  level: debug\n');
    expect(calls).toEqual(['level warn debug', 'log debug']);
    expect(step?.affects('log')).toBe(true);
    expect(step?.affects('log.level')).toBe(true);
    expect(step?.affects('port')).toBe(false);
  });

  test('is not called for the first value unless it asks for it', async () => {
    const rig = createRig();
    const quiet = vi.fn<() => void>();
    const eager = vi.fn<(port: number, old: number | undefined) => void>();
    rig.config.on('port', quiet);
    rig.config.on('port', eager, { immediate: true });
    await rig.config.ready;
    await rig.clock.advance(10);
    const late = vi.fn<(port: number, old: number | undefined) => void>();
    rig.config.on('port', late, { immediate: true });
    await rig.clock.advance(10);
    expect(quiet).not.toHaveBeenCalled();
    expect(eager.mock.calls.map(([value, old]) => [value, old])).toEqual([[80, undefined]]);
    expect(late).toHaveBeenCalledTimes(1);
  });

  test('that throws or rejects stops neither the others nor itself, and is told as a problem', async () => {
    const rig = createRig();
    await rig.config.ready;
    const calls: number[] = [];
    for (let index = 0; index < 5; index++) {
      rig.config.subscribe((): void | Promise<void> => {
        calls.push(index);
        if (index === 1) throw new Error('thrown');
        if (index === 3) return Promise.reject(new Error('rejected'));
        return undefined;
      });
    }
    await change(rig, 'port: 81\n');
    await change(rig, 'port: 82\n');
    expect(calls).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
    expect(rig.told().filter((type) => type === 'problem')).toHaveLength(4);
    expect(rig.config.status().counters.listenerErrors).toBe(4);
  });

  test('that is busy is not called again until it is done, then with the newest value', async () => {
    const rig = createRig();
    await rig.config.ready;
    const gates: (() => void)[] = [];
    const seen: number[] = [];
    rig.config.on('port', async (port) => {
      seen.push(port);
      await new Promise<void>((resolve) => void gates.push(resolve));
    });
    for (const port of [81, 82, 83]) await change(rig, `port: ${port}\n`);
    expect(seen).toEqual([81]);
    gates.shift()!();
    await rig.clock.advance(10);
    expect(seen).toEqual([81, 83]);
  });

  test('ended during a dispatch is not called in it; one added in it waits for the next change', async () => {
    const rig = createRig();
    await rig.config.ready;
    const calls: string[] = [];
    rig.config.subscribe(() => {
      calls.push('first');
      second.unsubscribe();
      if (calls.length === 1) rig.config.subscribe(() => calls.push('added'));
    });
    const second = rig.config.subscribe(() => calls.push('second'));
    await change(rig, 'port: 81\n');
    expect(calls).toEqual(['first']);
    expect(second.closed).toBe(true);
    await change(rig, 'port: 82\n');
    expect(calls).toEqual(['first', 'first', 'added']);
  });

  test('leaves nothing behind, whichever way it ends', async () => {
    const { config } = createRig({ listening: false });
    await config.ready;
    const control = new AbortController();
    config.subscribe(() => undefined, { signal: control.signal });
    config.subscribe(() => undefined, { signal: AbortSignal.abort() });
    {
      using inner = config.subscribe(() => undefined);
      expect(inner.closed).toBe(false);
      expect(config.status().subscribers).toBe(2);
    }
    control.abort();
    expect(config.status().subscribers).toBe(0);
  });
});

test('unchanged parts of two generations are the same objects', async () => {
  const rig = createRig({ files: { [file]: 'port: 80\nlog:\n  level: warn\n' } });
  const first = await rig.config.ready;
  await change(rig, 'port: 81\nlog:\n  level: warn\n');
  const second = rig.config.snapshot();
  expect(second.generation).toBe(2);
  expect(second.value.log).toBe(first.value.log);
});
