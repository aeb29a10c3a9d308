import { describe, expect, it } from 'vitest';
import type { AbsPath } from '../src/entry.ts';
import { WatchError, type WatchErrorInit } from '../src/errors.ts';
import {
  closedBadly,
  exhausted,
  interruptedFor,
  takenOver,
  type FailedBackend,
} from '../src/feed-error.ts';

const root = '/w' as AbsPath;
const install = 'run: npm install chokidar';
const raise = 'run: sysctl fs.inotify.max_user_watches=524288';

function failed(name: string, message: string, facts: Partial<WatchErrorInit> = {}): FailedBackend {
  const error = new WatchError(message, {
    code: 'ERR_WATCH_BACKEND_MISSING',
    backend: name,
    ...facts,
  });
  return { name, error };
}

const missing = failed('chokidar', 'chokidar is not installed', { remedy: install });
const full = failed('fs', 'no watch is left', {
  code: 'ERR_WATCH_LIMIT_WATCHES',
  remedy: raise,
});
const plain = failed('odd', 'it broke');

describe('the error of a failure underneath', () => {
  it.each([
    ['takenOver', takenOver(root, 'poll', missing)],
    ['interruptedFor', interruptedFor(root, [missing])],
    ['exhausted', exhausted(root, [missing])],
    ['closedBadly', closedBadly(root, 'chokidar', missing.error)],
  ])('carries its remedy, which is said once, at the end: %s', (_, error) => {
    expect(error.remedy).toBe(install);
    expect(error.message.split(install)).toHaveLength(2);
    expect(error.message.endsWith(`chokidar is not installed; ${install}`)).toBe(true);
    expect(error.cause).toBe(missing.error);
  });

  it.each([
    ['takenOver', takenOver(root, 'poll', plain)],
    ['interruptedFor', interruptedFor(root, [plain])],
    ['exhausted', exhausted(root, [plain])],
    ['closedBadly', closedBadly(root, 'odd', new Error('it broke'))],
  ])('has no remedy where there is none: %s', (_, error) => {
    expect(error.remedy).toBeUndefined();
    expect(error.message.endsWith(': it broke')).toBe(true);
  });

  it('offers every remedy when several failed, each once: any of them helps', () => {
    const error = exhausted(root, [missing, full, plain, missing]);
    expect(error.code).toBe('ERR_WATCH_BACKEND_MISSING');
    expect(error.remedy).toBe(`${install}; or ${raise}`);
    expect(error.message).toBe(
      'No backend can watch /w: chokidar is not installed; no watch is left; it broke; ' +
        `chokidar is not installed; ${install}; or ${raise}`,
    );
  });
});
