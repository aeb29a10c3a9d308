import { describe, expect, it } from 'vitest';
import { PathWatcher } from '../src/path-watcher.ts';
import { createManualBackend } from '../src/testing/manual-backend.ts';
import { record, scene } from './support/scene.ts';

const good = createManualBackend();
const watchKeys =
  'recursive, ignore, initial, symlinks, settleMs, maxSettleMs, stableWriteMs, renames, maxQueuedPaths, since, auditIntervalMs, hot, persistent, signal';

/** Wrong values come from JavaScript and from configuration, which no type checks. */
const ofWatcher: readonly [value: unknown, message: string][] = [
  [undefined, 'Options of PathWatcher must be an object, got undefined'],
  [null, 'Options of PathWatcher must be an object, got null'],
  [[good], 'Options of PathWatcher must be an object, got ['],
  ['fs', 'Options of PathWatcher must be an object, got "fs"'],
  [{}, 'Option backends must be an array of backends, got undefined'],
  [{ backends: good }, 'Option backends must be an array of backends, got {'],
  [{ backends: ['fs'] }, 'Option backends[0] must be an object with probe, capabilities, open'],
  [{ backends: [{}] }, 'Option backends[0].probe must be a function, got undefined'],
  [{ backends: [good, { ...good, open: 1 }] }, 'Option backends[1].open must be a function, got 1'],
  [
    { backends: [{ ...good, name: '' }] },
    'Option backends[0].name must be a non-empty string, got ""',
  ],
  [{ backends: [], choose: 'first' }, 'Option choose must be a function, got "first"'],
  [{ backends: [], choose: null }, 'Option choose must be a function, got null'],
  [{ backends: [], groupOf: 'name' }, 'Option groupOf must be a function, got "name"'],
  [{ backends: [], fallback: 'maybe' }, 'Option fallback must be "none" or "next", got "maybe"'],
  [{ backends: [], clock: Date }, 'Option clock must be an object with now, wallNow, setTimeout'],
  [{ backends: [], clock: {} }, 'Option clock.now must be a function, got undefined'],
  [
    { backends: [], falback: 'none' },
    'Options of PathWatcher must be among backends, choose, fallback, groupOf, clock, got "falback"',
  ],
];

const ofWatch: readonly [value: unknown, message: string][] = [
  [null, 'Options of watch must be an object, got null'],
  ['x', 'Options of watch must be an object, got "x"'],
  [[], 'Options of watch must be an object, got []'],
  [{ recursve: true }, `Options of watch must be among ${watchKeys}, got "recursve"`],
  [{ warm: undefined }, `Options of watch must be among ${watchKeys}, got "warm"`],
  [{ hot: 1 }, 'Option hot must be true or false, got 1'],
  [{ auditIntervalMs: 'often' }, "Option auditIntervalMs must be 'auto', 0, or at least 500"],
  [{ auditIntervalMs: 20 }, "Option auditIntervalMs must be 'auto', 0, or at least 500"],
  [{ auditIntervalMs: NaN }, "Option auditIntervalMs must be 'auto', 0, or at least 500"],
  [{ settleMs: -1 }, 'Option settleMs must be a number of milliseconds of at least 0, got -1'],
  [{ settleMs: '5' }, 'Option settleMs must be a number of milliseconds of at least 0, got "5"'],
  [{ maxSettleMs: NaN }, 'Option maxSettleMs must be a number of milliseconds of at least 0, got'],
  [{ stableWriteMs: -1 }, 'Option stableWriteMs must be a number of milliseconds of at least 0'],
  [{ renames: 'join' }, 'Option renames must be "split" or "pair", got "join"'],
  [{ maxQueuedPaths: 0 }, 'Option maxQueuedPaths must be an integer of at least 1, got 0'],
  [{ maxQueuedPaths: 1.5 }, 'Option maxQueuedPaths must be an integer of at least 1, got 1.5'],
  [{ since: 'cursor' }, 'Option since must be a Uint8Array, got "cursor"'],
  [{ initial: 'all' }, 'Option initial must be "none" or "emit", got "all"'],
  [{ symlinks: true }, 'Option symlinks must be "self" or "follow", got true'],
  [{ recursive: 1 }, 'Option recursive must be true or false, got 1'],
  [{ persistent: null }, 'Option persistent must be true or false, got null'],
  [{ ignore: 'x' }, 'Option ignore must be a function, got "x"'],
  [{ signal: {} }, 'Option signal must be an AbortSignal, got {}'],
  [{ signal: Object.create(null) as object }, 'Option signal must be an AbortSignal, got ['],
];

const paths: readonly [value: unknown, message: string][] = [
  ['', 'Option path must be a non-empty string, got ""'],
  [5, 'Option path must be a non-empty string, got 5'],
  [undefined, 'Option path must be a non-empty string, got undefined'],
  ['a\0b', 'Option path must be a string without a null byte, got "a\\u0000b"'],
];

const events: readonly [value: unknown, shown: string][] = [
  ['nope', '"nope"'],
  ['toString', '"toString"'],
  [undefined, 'undefined'],
];

/** What a call throws. */
function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    // The test looks at it.
    return error;
  }
  return undefined;
}

function refusal(message: string): unknown {
  return expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(message) });
}

describe('a wrong option', () => {
  it.each(ofWatcher)('of a watcher is refused by name: %o', (value, message) => {
    expect(thrownBy(() => new PathWatcher(value as never))).toEqual(refusal(message));
  });

  it.each(ofWatch)('of a watch is refused by name: %o', async (value, message) => {
    const { watcher, root } = scene();
    expect(thrownBy(() => watcher.watch(root, value as never))).toEqual(refusal(message));
    await expect(watcher.explain(root, value as never)).rejects.toEqual(refusal(message));
    expect(watcher.stats().watches).toBe(0);
  });

  it.each(paths)('is a path that cannot be one: %o', (value, message) => {
    const { watcher } = scene();
    expect(thrownBy(() => watcher.watch(value as never))).toEqual(refusal(message));
  });

  it.each(events)('is an event that does not exist: %o', async (value, shown) => {
    const { watcher, root } = scene();
    const watch = watcher.watch(root);
    expect(thrownBy(() => watch.on(value as 'batch', () => undefined))).toEqual(
      refusal(`Option event must be "batch" or "state" or "problem", got ${shown}`),
    );
    const seen = record(watch, root);
    await watch.ready;
    expect(seen.states).toEqual(['live']);
  });

  it('is a listener that cannot be called', () => {
    const { watcher, root } = scene();
    expect(thrownBy(() => watcher.watch(root).on('batch', null as never))).toEqual(
      refusal('Listener of batch must be a function, got object'),
    );
  });
});

describe('an option that is given as undefined', () => {
  it('is one that was left out', async () => {
    const { watcher, root } = scene({
      choose: undefined,
      fallback: undefined,
      clock: undefined,
    } as never);
    const given = { recursive: undefined, settleMs: undefined, symlinks: undefined };
    const watch = watcher.watch(root, given as never);
    await watch.ready;
    expect(watch.state).toBe('live');
  });
});
