import { statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

import { claudeCode } from '@watchkeeper/transcript';

import { EXIT } from './exit-codes.ts';
import { CommandFailure } from './failure.ts';
import type { CommandIo } from './io.ts';

/** The options every command takes, as they stand on the command line. */
export interface GlobalOptions {
  readonly db?: string;
  readonly root?: readonly string[];
  readonly backend?: string;
  readonly json?: boolean;
  readonly color: boolean;
}

/** The options every command takes, with the environment and the defaults applied. */
export interface Settings {
  /** Absolute path of the database. */
  readonly database: string;
  /** Absolute paths of the directories with transcripts. */
  readonly roots: readonly string[];
  /** The backends to watch with, in order of preference, or `null` for a choice by place. */
  readonly backends: readonly string[] | null;
  /** Print lines of JSON. */
  readonly json: boolean;
  /** Colour what goes to stdout. */
  readonly colors: boolean;
}

/** Applies environment and defaults: an option wins over its variable, a variable over the default. */
export function readSettings(options: GlobalOptions, io: CommandIo): Settings {
  return {
    database: databasePath(options.db, io),
    roots: rootPaths(options.root, io),
    backends: options.backend === undefined ? null : backendNames(options.backend),
    json: options.json === true,
    colors:
      options.color &&
      io.stdout.isTerminal &&
      !set(io.env['NO_COLOR']) &&
      io.env['TERM'] !== 'dumb',
  };
}

function databasePath(option: string | undefined, io: CommandIo): string {
  const given = option ?? io.env['WATCHKEEPER_DB'];
  if (set(given)) return resolve(io.cwd, given);
  // The XDG specification tells to ignore a relative path in this variable.
  const data = io.env['XDG_DATA_HOME'];
  const directory = set(data) && isAbsolute(data) ? data : join(io.home, '.local', 'share');
  return join(directory, 'watchkeeper', 'watchkeeper.db');
}

function rootPaths(option: readonly string[] | undefined, io: CommandIo): readonly string[] {
  if (option !== undefined) return option.map((root) => existing(root, '--root', io));
  const variable = io.env['WATCHKEEPER_ROOTS'];
  if (set(variable)) {
    const roots = variable.split(delimiter).filter((root) => root !== '');
    return roots.map((root) => existing(root, 'WATCHKEEPER_ROOTS', io));
  }
  // These need not exist yet: the agent may be installed later.
  return claudeCode.roots({ home: io.home, variables: io.env });
}

/** A directory somebody named must be there: waiting for a misspelt one would show an empty list for ever. */
function existing(root: string, source: string, io: CommandIo): string {
  const path = resolve(io.cwd, root);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() === true) return path;
  const what = stat === undefined ? 'does not exist' : 'is not a directory';
  throw new CommandFailure(
    EXIT.usage,
    `${source}: ${path} ${what}`,
    'name a directory that holds transcripts, such as ~/.claude/projects',
  );
}

function backendNames(option: string): readonly string[] | null {
  const names = option.split(',').map((name) => name.trim());
  if (names.includes('')) {
    throw new CommandFailure(
      EXIT.usage,
      '--backend: a name is missing',
      'use auto, fs, poll, chokidar or native',
    );
  }
  return names.length === 1 && names[0] === 'auto' ? null : names;
}

function set(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
