import { readdirSync, type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { systemClock, type Clock } from './clock.ts';
import type { AbsPath } from './entry.ts';
import { readEntry, readEntrySync } from './entry-stat.ts';
import type { WatchError } from './errors.ts';
import { unreadable } from './io-error.ts';
import { mountPointOf } from './place.ts';
import { looksAtOnce, PlaceGate } from './place-gate.ts';
import type { Look } from './resolver.ts';

/** What a directory holds, or why it cannot be told. */
export type Listing = readonly Dirent[] | WatchError;

/** The names in a directory, or why they cannot be told. */
export type Names = readonly string[] | WatchError;

/** A question to the file system. */
export type Ask =
  | { readonly op: 'stat'; readonly paths: readonly AbsPath[] }
  | { readonly op: 'list' | 'names'; readonly path: AbsPath };

/** The answer to an {@link Ask}: one look per path, a listing, or names. */
export type Answer = readonly Look[] | Listing | Names;

/** Work that asks and takes answers, and does not care whether anybody waits in between. */
export type Steps<Result = void> = Generator<Ask, Result, Answer>;

/** Asks for the entries at some paths. */
export function* statAll(paths: readonly AbsPath[]): Steps<readonly Look[]> {
  return (yield { op: 'stat', paths }) as readonly Look[];
}

/** Asks for the names in a directory: cheaper than with what each of them is. */
export function* listNames(path: AbsPath): Steps<Names> {
  return (yield { op: 'names', path }) as Names;
}

/** Asks for the names in a directory, and what each of them is. */
export function* listDirectory(path: AbsPath): Steps<Listing> {
  return (yield { op: 'list', path }) as Listing;
}

/** Looks at one name, now. */
export function look(path: AbsPath): Look {
  try {
    return readEntrySync(path);
  } catch (error) {
    // Handed on as a value: the table keeps what it knew of the path.
    return unreadable(path, error);
  }
}

/** Looks at one name, where the answer may take long. */
export async function lookLater(path: AbsPath): Promise<Look> {
  try {
    return await readEntry(path);
  } catch (error) {
    // Handed on as a value: the table keeps what it knew of the path.
    return unreadable(path, error);
  }
}

/** Answers at once. */
export function answer(ask: Ask): Answer {
  if (ask.op === 'stat') return ask.paths.map(look);
  try {
    if (ask.op === 'names') return readdirSync(ask.path);
    return readdirSync(ask.path, { withFileTypes: true });
  } catch (error) {
    // Handed on as a value: absence of the directory is found by the stat of its name.
    return unreadable(ask.path, error);
  }
}

/** Looks at places that may not answer at once, a few at a time for the whole watcher. */
export class SlowLane {
  readonly #gate: PlaceGate;

  constructor(clock: Clock = systemClock) {
    this.#gate = new PlaceGate(clock, looksAtOnce(process.env['UV_THREADPOOL_SIZE']));
  }

  /** Answers when the file system does. */
  async answer(ask: Ask): Promise<Answer> {
    if (ask.op === 'stat') {
      return Promise.all(ask.paths.map((path) => this.look(path)));
    }
    return this.#gate.pass(mountPointOf(ask.path), async () => {
      try {
        if (ask.op === 'names') return await readdir(ask.path);
        return await readdir(ask.path, { withFileTypes: true });
      } catch (error) {
        // Handed on as a value: absence of the directory is found by the stat of its name.
        return unreadable(ask.path, error);
      }
    });
  }

  /** Answers when the file system does, with one look after another: for what is not urgent. */
  async answerInTurn(ask: Ask): Promise<Answer> {
    if (ask.op !== 'stat') return this.answer(ask);
    const looks: Look[] = [];
    for (const path of ask.paths) looks.push(await this.look(path));
    return looks;
  }

  /** Looks at one name. */
  look(path: AbsPath): Promise<Look> {
    return this.#gate.pass(mountPointOf(path), () => lookLater(path));
  }
}
