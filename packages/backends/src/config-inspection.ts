import { inspect } from 'node:util';
import { isInRange, rangesOf } from './option-ranges.ts';

/** One thing wrong with a config. */
export interface ConfigIssue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

type Path = readonly PropertyKey[];
type Report = (path: Path, message: string) => void;

const CONFIG_KEYS = ['use', 'rules', 'fallback', 'options'];
const RULE_KEYS = ['match', 'platform', 'fsType', 'use'];

/** What `process.platform` can be. */
const PLATFORMS: readonly unknown[] = [
  'aix',
  'android',
  'cygwin',
  'darwin',
  'freebsd',
  'haiku',
  'linux',
  'netbsd',
  'openbsd',
  'sunos',
  'win32',
] satisfies NodeJS.Platform[];

/** Beginnings of globs that can match an absolute path. */
const ROOTED_GLOB = /^(\/|\*\*(\/|$)|[!{(@+?[]|[a-z]:[\\/])/i;

/** Lists everything wrong with a config; empty when it is a `BackendConfig`. */
export function inspectConfig(value: unknown): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const report: Report = (path, message) => void issues.push({ path, message });
  if (!isRecord(value)) {
    report([], `wanted an object, got ${describe(value)}`);
    return issues;
  }
  refuseUnknownKeys(value, CONFIG_KEYS, [], report);
  if (value['use'] !== undefined) inspectNames(value['use'], ['use'], report);
  if (value['rules'] !== undefined) inspectRules(value['rules'], report);
  if (value['fallback'] !== undefined && typeof value['fallback'] !== 'boolean') {
    report(['fallback'], `wanted true or false, got ${describe(value['fallback'])}`);
  }
  if (value['options'] !== undefined) inspectOptions(value['options'], report);
  return issues;
}

function inspectRules(value: unknown, report: Report): void {
  if (!Array.isArray(value)) {
    report(['rules'], `wanted a list of rules, got ${describe(value)}`);
    return;
  }
  for (const [index, rule] of value.entries()) inspectRule(rule, ['rules', index], report);
}

function inspectRule(value: unknown, path: Path, report: Report): void {
  if (!isRecord(value)) {
    report(path, `wanted an object, got ${describe(value)}`);
    return;
  }
  refuseUnknownKeys(value, RULE_KEYS, path, report);
  if (value['use'] === undefined) report([...path, 'use'], 'wanted what to use there, got nothing');
  else inspectNames(value['use'], [...path, 'use'], report);
  if (value['match'] !== undefined) inspectGlob(value['match'], [...path, 'match'], report);
  const { platform, fsType } = value;
  if (platform !== undefined) {
    inspectList(platform, [...path, 'platform'], report, (item) =>
      PLATFORMS.includes(item) ? null : `wanted one of ${PLATFORMS.join(', ')}`,
    );
  }
  if (fsType !== undefined) inspectList(fsType, [...path, 'fsType'], report, nonEmpty);
}

/** A path to watch is absolute, so a glob that cannot match one is a mistake. */
function inspectGlob(value: unknown, path: Path, report: Report): void {
  const problem = nonEmpty(value);
  if (problem !== null) {
    report(path, `${problem}, got ${describe(value)}`);
    return;
  }
  if (ROOTED_GLOB.test(String(value))) return;
  report(
    path,
    `wanted a glob on absolute paths, beginning with "/" or "**/", got ${describe(value)}`,
  );
}

function inspectNames(value: unknown, path: Path, report: Report): void {
  inspectList(value, path, report, nonEmpty);
  if (Array.isArray(value) && value.length === 0)
    report(path, 'wanted at least one backend, got an empty list');
}

function inspectOptions(value: unknown, report: Report): void {
  if (!isRecord(value)) {
    report(['options'], `wanted an object of options by backend name, got ${describe(value)}`);
    return;
  }
  for (const [name, options] of Object.entries(value)) {
    if (!isRecord(options)) {
      report(['options', name], `wanted an object, got ${describe(options)}`);
    } else inspectBackendOptions(name, options, report);
  }
}

/** An option left `undefined` is left out; those of a module of somebody else are its own business. */
function inspectBackendOptions(
  name: string,
  options: Readonly<Record<string, unknown>>,
  report: Report,
): void {
  const ranges = rangesOf(name);
  if (ranges === null) return;
  refuseUnknownKeys(options, Object.keys(ranges), ['options', name], report);
  for (const [key, range] of Object.entries(ranges)) {
    const value = options[key];
    if (value === undefined || isInRange(value, range)) continue;
    report(['options', name, key], `wanted ${range.wanted}, got ${describe(value)}`);
  }
}

/** One string, or a list of them, each judged by `check`: `null`, or what is wanted. */
function inspectList(
  value: unknown,
  path: Path,
  report: Report,
  check: (item: unknown) => string | null,
): void {
  const items = Array.isArray(value) ? value : [value];
  for (const [index, item] of items.entries()) {
    const problem = check(item);
    if (problem === null) continue;
    report(Array.isArray(value) ? [...path, index] : path, `${problem}, got ${describe(item)}`);
  }
}

function nonEmpty(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? null : 'wanted a non-empty string';
}

function refuseUnknownKeys(
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: Path,
  report: Report,
): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key))
      report([...path, key], `wanted one of ${known.join(', ')}, got an unknown key`);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `${typeof value} ${typeof value === 'string' ? JSON.stringify(value) : inspect(value)}`;
}
