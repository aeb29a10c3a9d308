/**
 * What chokidar reads from the environment in its constructor, over the options it is given. Polling is
 * core's decision and another backend's work; and a `CHOKIDAR_INTERVAL` that is no number makes
 * chokidar 6 throw.
 */
const VARIABLES = ['CHOKIDAR_USEPOLLING', 'CHOKIDAR_INTERVAL'] as const;

/** Runs `construct` as if the environment did not mention polling. Synchronous, so nobody else sees it. */
export function withoutPollingVariables<T>(construct: () => T): T {
  const set = VARIABLES.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [{ name, value }];
  });
  for (const { name } of set) delete process.env[name];
  try {
    return construct();
  } finally {
    for (const { name, value } of set) process.env[name] = value;
  }
}
