import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What resolution answers when the application does not have the package, or only for `import`. */
const NOT_FOR_REQUIRE: ReadonlySet<unknown> = new Set([
  'MODULE_NOT_FOUND',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
]);

/**
 * Imports a module the application names. Relative paths count from the working directory; packages
 * are looked for there first, because strict installers do not let this package see the
 * application's dependencies, and then from here.
 */
export async function importForApplication(
  specifier: string,
  directory: string = process.cwd(),
): Promise<Readonly<Record<string, unknown>>> {
  return (await import(locate(specifier, directory))) as Readonly<Record<string, unknown>>;
}

function locate(specifier: string, directory: string): string {
  if (/^\.{1,2}[\\/]/.test(specifier) || isAbsolute(specifier)) {
    return pathToFileURL(resolve(directory, specifier)).href;
  }
  if (/^[a-z][a-z+.-]+:/i.test(specifier)) return specifier;
  try {
    const path = createRequire(join(directory, 'package.json')).resolve(specifier);
    return isAbsolute(path) ? pathToFileURL(path).href : path;
  } catch (error) {
    if (NOT_FOR_REQUIRE.has((error as NodeJS.ErrnoException).code)) return specifier;
    throw error;
  }
}
