import { systemClock, type Clock } from '@watchkeeper/core';
import { checkKeys } from '@watchkeeper/core/backend-kit';
import type { BackendConfig } from '../backend-config.ts';
import { inspectConfig } from '../config-inspection.ts';
import type { Diagnosis, MachineReport } from './diagnosis.ts';
import { reportEnvironment } from './environment-report.ts';
import { reportLimits } from './limit-report.ts';
import { judgeMachine } from './machine-findings.ts';
import { thisMachine } from './machine-reader.ts';
import { PlaceInspector, type DiagnosisProgress } from './place-inspector.ts';
import { reportSystem } from './system-report.ts';

/** Options of {@link diagnose}. */
export interface DiagnoseOptions {
  /** The config to judge, as `createWatcher` takes it. @defaultValue `{}` */
  readonly config?: BackendConfig;
  /**
   * What a reason calls the config, such as the option of a command it comes from.
   *
   * @defaultValue `'the config'`
   */
  readonly configName?: string;
  /** Environment variables. @defaultValue `process.env` */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Whether to try the backend out in a temporary directory in or beside each path. @defaultValue `true` */
  readonly probe?: boolean;
  /** Stops it: what was not looked at yet is left out. */
  readonly signal?: AbortSignal;
  /** The source of time. @defaultValue `systemClock` */
  readonly clock?: Clock;
  /** Called as it goes on; cheap functions only. */
  readonly onProgress?: (progress: DiagnosisProgress) => void;
}

const OPTIONS: readonly string[] = [
  'config',
  'configName',
  'environment',
  'probe',
  'signal',
  'clock',
  'onProgress',
];

/**
 * Finds out how well paths can be watched here: where they lie, which backend is chosen and why not the
 * others, which limits of the system are near, and, by trying it out, whether changes are told. Says
 * what to change, in commands and config lines.
 *
 * Where it may write, it makes a temporary directory in or beside each path and removes it again; set
 * `probe` to `false` where even that would disturb. It reads the tree of each directory, for seconds at
 * most. Wrong variables and unusable backends are findings; nothing about a path is an error.
 *
 * @param paths - Absolute, or relative to the working directory.
 * @throws TypeError when a path, an option or the config is wrong, naming it.
 *
 * @example
 * ```ts
 * import { diagnose } from '@watchkeeper/backends/doctor';
 *
 * const { ok, machine, places } = await diagnose('.');
 * const findings = [machine, ...places].flatMap(({ findings }) => findings);
 * for (const { level, message, remedy } of findings) console.log(level, message, remedy);
 * console.log(ok);
 * ```
 */
export async function diagnose(
  paths: string | readonly string[],
  options: DiagnoseOptions = {},
): Promise<Diagnosis> {
  const list = typeof paths === 'string' ? [paths] : paths;
  check(list, options);
  const { config = {}, environment = process.env, probe = true, clock = systemClock } = options;
  const reported = reportEnvironment(config, environment);
  const { variables } = reported;
  const decidedBy = reported.effective.decidedBy ?? options.configName ?? null;
  const effective = { ...reported.effective, decidedBy };
  const system = reportSystem(thisMachine, environment);
  const limits = reportLimits(thisMachine);
  const findings = judgeMachine(system, variables, limits);
  const machine: MachineReport = { system, environment: variables, limits, findings };
  const inspector = new PlaceInspector({
    machine,
    effective,
    probe,
    clock,
    signal: options.signal,
    onProgress: options.onProgress,
  });
  const places = [];
  for (const path of list) {
    if (options.signal?.aborted === true) break;
    places.push(await inspector.inspect(path));
  }
  const all = [machine, ...places].flatMap((report) => report.findings);
  return { ok: all.every(({ level }) => level !== 'error'), machine, places };
}

function check(paths: readonly string[], options: DiagnoseOptions): void {
  checkKeys('diagnose', options, OPTIONS);
  if (paths.length === 0)
    throw new TypeError('diagnose: "paths" must name at least one path, got none');
  for (const path of paths) {
    if (typeof path === 'string' && path !== '' && !path.includes('\0')) continue;
    const got = JSON.stringify(path);
    throw new TypeError(`diagnose: "paths" must be paths that are not empty, got ${got}`);
  }
  const { configName } = options;
  if (configName !== undefined && (typeof configName !== 'string' || configName === '')) {
    const got = JSON.stringify(configName);
    throw new TypeError(`diagnose: "configName" must be a text that is not empty, got ${got}`);
  }
  const issues = inspectConfig(options.config ?? {});
  if (issues.length === 0) return;
  const lines = issues.map(({ path, message }) => [...path.map(String), message].join(': '));
  throw new TypeError(`diagnose: config: ${lines.join('; ')}`);
}
