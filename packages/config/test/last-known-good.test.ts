import { describe, expect, test } from 'vitest';
import { createRig, file } from './fixtures/rig.ts';
import type { Rig } from './fixtures/rig.ts';

/** Longer than settling, suspicion, proof and the distance between loads together. */
const LONG_MS = 4000;

async function change(rig: Rig, content: string | Uint8Array): Promise<void> {
  rig.fs.write(file, content);
  rig.watcher.hint();
  await rig.clock.advance(LONG_MS);
}

describe('a file that becomes corrupt', () => {
  test('is refused once, however often it is written, and the good value stays', async () => {
    const rig = createRig();
    const good = await rig.config.ready;
    await change(rig, 'port: [80\n');
    for (let writes = 0; writes < 5; writes++) await change(rig, 'port: [80\n');
    expect(rig.config.get()).toBe(good.value);
    expect(rig.told()).toEqual(['changed', 'rejected']);
    expect(rig.config.status()).toMatchObject({
      state: 'degraded',
      generation: 1,
      consecutiveFailures: 1,
      lastError: { code: 'E_PARSE', file, position: { line: 2, column: 1 } },
      sources: [{ state: 'held' }],
    });
  });

  test('recovers with the next good content', async () => {
    const rig = createRig();
    await rig.config.ready;
    await change(rig, 'port: nonsense\n');
    await change(rig, 'port: 81\n');
    expect(rig.told()).toEqual(['changed', 'rejected', 'recovered', 'changed']);
    expect(rig.config.status()).toMatchObject({
      state: 'ready',
      generation: 2,
      consecutiveFailures: 0,
      sources: [{ state: 'ok' }],
    });
  });

  test('recovers without a new generation when the former content comes back', async () => {
    const rig = createRig();
    await rig.config.ready;
    await change(rig, 'port: nonsense\n');
    await change(rig, 'port: 80\n');
    expect(rig.told()).toEqual(['changed', 'rejected', 'recovered', 'unchanged']);
    expect(rig.config.snapshot().generation).toBe(1);
  });

  test('is reported again when it is corrupt in another way', async () => {
    const rig = createRig();
    await rig.config.ready;
    await change(rig, 'port: nonsense\n');
    await change(rig, new Uint8Array(64));
    expect(rig.told()).toEqual(['changed', 'rejected', 'rejected']);
    expect(rig.config.status().lastError?.code).toBe('E_ENCODING');
  });
});

describe('a file that is being written', () => {
  test('emptied and filled a second later never shows anything but whole content', async () => {
    const rig = createRig();
    await rig.config.ready;
    rig.fs.write(file, '');
    rig.watcher.hint();
    await rig.clock.advance(1000);
    rig.fs.write(file, 'port: 81\n');
    rig.watcher.hint();
    await rig.clock.advance(LONG_MS);
    expect(rig.told()).toEqual(['changed', 'changed']);
    expect(rig.config.get('port')).toBe(81);
  });

  test('emptied for good is refused as empty', async () => {
    const rig = createRig();
    await rig.config.ready;
    await change(rig, '');
    expect(rig.config.status().lastError?.code).toBe('E_EMPTY');
    expect(rig.config.get('port')).toBe(80);
  });

  test('cut off at a valid point is held back until it is whole', async () => {
    const rig = createRig({ files: { [file]: 'port: 80\nlog:\n  level: warn\n' } });
    await rig.config.ready;
    rig.fs.write(file, 'port: 80\n');
    rig.watcher.hint();
    await rig.clock.advance(1000);
    expect(rig.config.get('log.level')).toBe('warn');
    rig.fs.write(file, 'port: 80\nlog:\n  level: debug\n');
    rig.watcher.hint();
    await rig.clock.advance(LONG_MS);
    expect(rig.config.snapshot()).toMatchObject({
      generation: 2,
      value: { log: { level: 'debug' } },
    });
  });

  test('rewritten in place without a key it had is held back, replaced by a rename is not', async () => {
    const text = 'port: 80\nlog:\n  level: warn\n';
    const inPlace = createRig({ files: { [file]: text } });
    const renamed = createRig({ files: { [file]: text } });
    await inPlace.config.ready;
    await renamed.config.ready;
    inPlace.fs.write(file, '# new\nport: 81\n');
    renamed.fs.replace(file, '# new\nport: 81\n');
    for (const { clock, watcher } of [inPlace, renamed]) {
      watcher.hint();
      await clock.advance(500);
    }
    expect(inPlace.config.get('port')).toBe(80);
    expect(renamed.config.get('port')).toBe(81);
    await inPlace.clock.advance(LONG_MS);
    expect(inPlace.config.get('port')).toBe(81);
  });

  test('that never stands still is reported once, and read when it does', async () => {
    const rig = createRig();
    await rig.config.ready;
    for (let at = 0; at < 10_000; at += 20) {
      rig.fs.write(file, `port: 80\nname: n${at}\n`);
      rig.watcher.hint();
      await rig.clock.advance(20);
    }
    expect(rig.told()).toEqual(['changed', 'rejected']);
    expect(rig.config.status().lastError).toMatchObject({ code: 'E_UNSTABLE', transient: true });
    await rig.clock.advance(LONG_MS);
    expect(rig.told()).toEqual(['changed', 'rejected', 'recovered', 'changed']);
    expect(rig.config.get('name')).toBe('n9980');
  });

  test('changed under the reader is read again', async () => {
    const rig = createRig();
    await rig.config.ready;
    rig.fs.write(file, 'port: 81\n');
    let left = 3;
    rig.fs.beforeRead = () => {
      if (left-- > 0) rig.fs.write(file, `port: ${82 + left}\n`);
    };
    const reload = rig.config.reload();
    await rig.clock.advance(LONG_MS);
    expect(await reload).toMatchObject({ status: 'changed' });
    expect(rig.config.get('port')).toBe(82);
  });
});

describe('a file that goes missing', () => {
  test('keeps its last good content and is told as missing, then as back', async () => {
    const rig = createRig();
    await rig.config.ready;
    rig.fs.remove(file);
    rig.watcher.hint();
    await rig.clock.advance(LONG_MS);
    expect(rig.config.get('port')).toBe(80);
    expect(rig.config.status()).toMatchObject({
      state: 'degraded',
      sources: [{ state: 'missing' }],
    });
    await change(rig, 'port: 81\n');
    expect(rig.config.get('port')).toBe(81);
    const states = rig.events.flatMap((event) =>
      event.type === 'source' ? [event.source.state] : [],
    );
    expect(states).toEqual(['missing', 'ok']);
    expect(rig.told()).not.toContain('rejected');
  });

  test('removed and re-created within the settle time is one change', async () => {
    const rig = createRig();
    await rig.config.ready;
    rig.fs.remove(file);
    rig.watcher.hint();
    await rig.clock.advance(150);
    rig.fs.replace(file, 'port: 81\n');
    rig.watcher.hint();
    await rig.clock.advance(LONG_MS);
    expect(rig.told()).toEqual(['changed', 'changed']);
  });

  test.each([
    ['keep', 80, undefined],
    ['empty', 1, undefined],
    ['error', 80, 'E_NOT_FOUND'],
  ] as const)('with onMissing %s', async (onMissing, port, code) => {
    const rig = createRig({
      layers: [
        { kind: 'defaults', value: { port: 1 } },
        { kind: 'file', path: file, onMissing, missingGraceMs: 10_000 },
      ],
    });
    await rig.config.ready;
    rig.fs.remove(file);
    rig.watcher.hint();
    await rig.clock.advance(5000);
    expect(rig.told()).not.toContain('rejected');
    await rig.clock.advance(10_000);
    expect(rig.config.get('port')).toBe(port);
    expect(rig.config.status().lastError?.code).toBe(code);
  });
});

describe('a file that cannot be read', () => {
  test('for a moment is nobody’s business; for longer it is refused', async () => {
    const rig = createRig();
    await rig.config.ready;
    rig.fs.write(file, 'port: 81\n');
    const busy = Object.assign(new Error('resource busy'), { code: 'EBUSY' });
    let left = 3;
    rig.fs.beforeRead = () => {
      if (left-- > 0) throw busy;
    };
    rig.watcher.hint();
    await rig.clock.advance(LONG_MS);
    expect(rig.told()).toEqual(['changed', 'changed']);
    left = Infinity;
    await change(rig, 'port: 82\n');
    expect(rig.config.status().lastError).toMatchObject({ code: 'E_READ', cause: busy });
    expect(rig.config.get('port')).toBe(81);
  });

  test('a parser or schema that breaks in its own way is a refusal, not a crash', async () => {
    const rig = createRig({
      options: {
        layers: [
          {
            kind: 'defaults',
            value: () => {
              throw new Error('no defaults today');
            },
          },
        ],
      },
    });
    await expect(rig.config.ready).rejects.toMatchObject({
      code: 'E_SCHEMA',
      cause: { message: 'no defaults today' },
    });
  });
});
