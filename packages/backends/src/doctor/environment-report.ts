import type { BackendConfig } from '../backend-config.ts';
import {
  applyEnvironment,
  BACKEND_VARIABLE,
  POLL_INTERVAL_VARIABLE,
  type EffectiveConfig,
} from '../environment.ts';

/** A variable of the environment that decides about watching, here or elsewhere. */
export interface EnvironmentVariable {
  /** Its name. */
  readonly name: string;
  /** Its value. */
  readonly value: string;
  /** `applied`: it is in force. `invalid`: it stops every watcher. `foreign`: it belongs to another program. */
  readonly status: 'applied' | 'invalid' | 'foreign';
  /** What it does, or why it does nothing. */
  readonly because: string;
}

/** What the environment has to say. */
export interface EnvironmentReport {
  /** The variables that are set; empty ones count as unset. */
  readonly variables: readonly EnvironmentVariable[];
  /** The config with the variables that are valid. */
  readonly effective: EffectiveConfig;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that other watchers obey: whoever set one expects it to work here too. */
const FOREIGN: Readonly<Record<string, string>> = {
  CHOKIDAR_USEPOLLING: `it is chokidar's; here it is ${BACKEND_VARIABLE}=poll`,
  CHOKIDAR_INTERVAL: `it is chokidar's; here it is ${POLL_INTERVAL_VARIABLE}`,
  WATCHPACK_POLLING: `it is watchpack's; here it is ${BACKEND_VARIABLE}=poll`,
  TSC_WATCHFILE: `it is the TypeScript compiler's; here it is ${BACKEND_VARIABLE}`,
  TSC_WATCHDIRECTORY: `it is the TypeScript compiler's; here it is ${BACKEND_VARIABLE}`,
};

/** Applies the environment to a config, and says what each variable did. A wrong one is left out and told. */
export function reportEnvironment(
  config: BackendConfig,
  environment: Environment,
): EnvironmentReport {
  const invalid = refusalOf(config, environment);
  const usable = invalid === null ? environment : { ...environment, [POLL_INTERVAL_VARIABLE]: '' };
  const variables: EnvironmentVariable[] = [];
  const add = (name: string, status: EnvironmentVariable['status'], because: string): void => {
    const value = environment[name]?.trim() ?? '';
    if (value !== '') variables.push({ name, value, status, because });
  };
  add(BACKEND_VARIABLE, 'applied', 'it names the backends, in place of "use" and "rules"');
  if (invalid === null) add(POLL_INTERVAL_VARIABLE, 'applied', 'it is the interval of poll, in ms');
  else add(POLL_INTERVAL_VARIABLE, 'invalid', invalid);
  for (const [name, because] of Object.entries(FOREIGN)) add(name, 'foreign', because);
  return { variables, effective: applyEnvironment(config, usable) };
}

function refusalOf(config: BackendConfig, environment: Environment): string | null {
  try {
    applyEnvironment(config, environment);
    return null;
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}
