import { parseLineAll } from './parse-line.ts';
import type { ProviderEnvironment, TranscriptFile, TranscriptProvider } from './provider.ts';

/**
 * Claude Code: `<config>/projects/<project>/<session>.jsonl`, subagents in
 * `<session>/subagents/agent-<id>.jsonl` and deeper, older ones as `agent-<id>.jsonl` beside the session.
 * `<config>` is `CLAUDE_CONFIG_DIR`, else `~/.claude`.
 *
 * @example
 * ```ts
 * import { homedir } from 'node:os';
 * import { claudeCode } from '@watchkeeper/transcript';
 *
 * console.log(claudeCode.roots({ home: homedir(), variables: process.env }));
 * ```
 */
export const claudeCode: TranscriptProvider = {
  id: 'claude-code',
  displayName: 'Claude Code',
  parserVersion: 1,
  roots: claudeRoots,
  classify: classifyClaudePath,
  parse: parseLineAll,
};

function claudeRoots({ home, variables }: ProviderEnvironment): readonly string[] {
  const configured = variables['CLAUDE_CONFIG_DIR']?.trim();
  const config =
    configured === undefined || configured === '' ? joinPath(home, '.claude') : configured;
  return [joinPath(config, 'projects')];
}

/** Joins with the separator that the directory itself uses, so that the module needs no platform. */
function joinPath(directory: string, name: string): string {
  const separator = directory.includes('\\') && !directory.includes('/') ? '\\' : '/';
  return directory.replace(/[\\/]+$/, '') + separator + name;
}

const EXTENSION = '.jsonl';
const SUBAGENT_PREFIX = 'agent-';
/** A log of the subagents' lives, not a transcript. */
const JOURNAL = 'journal';
/** A session's file lies in its project's directory, or directly in a root that is one project. */
const SESSION_DEPTH = 2;

function classifyClaudePath(relativePath: string): TranscriptFile | null {
  const parts = relativePath.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
  const name = parts.at(-1);
  if (name === undefined || !name.endsWith(EXTENSION) || parts.includes('..')) return null;
  const stem = name.slice(0, -EXTENSION.length);
  if (stem === '' || stem === JOURNAL) return null;
  const agentId = stem.startsWith(SUBAGENT_PREFIX) ? stem.slice(SUBAGENT_PREFIX.length) : null;
  const directory = parts.lastIndexOf('subagents', -2);
  if (directory >= 0) {
    const parentSessionId = parts[directory - 1];
    if (agentId === null || agentId === '' || parentSessionId === undefined) return null;
    return { type: 'subagent', sessionId: stem, parentSessionId, agentId };
  }
  if (parts.length > SESSION_DEPTH) return null;
  return agentId === null || agentId === ''
    ? { type: 'session', sessionId: stem }
    : { type: 'subagent', sessionId: stem, parentSessionId: null, agentId };
}
