import { WatchError, type WatchBackend } from '@watchkeeper/core';
import { importForApplication } from './application-import.ts';
import type { BackendName } from './backend-config.ts';
import { knownNamesAdvice, missingModule } from './backend-specifier.ts';

/** Options as they stand in a config: each backend checks its own. */
export type BackendOptions = Readonly<Record<string, unknown>>;

type BackendFactory = (options?: BackendOptions) => WatchBackend;

/** One backend of this family. */
interface FamilyMember {
  readonly install: string;
  readonly load: () => Promise<BackendFactory>;
}

const FAMILY_MEMBERS: ReadonlyMap<string, FamilyMember> = new Map<string, FamilyMember>([
  [
    'fs',
    {
      install: 'npm install @watchkeeper/backend-fs',
      load: async () => (await import('@watchkeeper/backend-fs')).createFsBackend,
    },
  ],
  [
    'poll',
    {
      install: 'npm install @watchkeeper/backend-poll',
      load: async () => (await import('@watchkeeper/backend-poll')).createPollBackend,
    },
  ],
  [
    'chokidar',
    {
      install: 'npm install @watchkeeper/backend-chokidar chokidar',
      load: async () => (await import('@watchkeeper/backend-chokidar')).createChokidarBackend,
    },
  ],
  [
    'native',
    {
      install: 'npm install @watchkeeper/backend-native @parcel/watcher',
      load: async () => (await import('@watchkeeper/backend-native')).createNativeBackend,
    },
  ],
]);

/**
 * Imports one backend and makes it with the given options. Nothing is watched yet, and whether the
 * backend can run here is told by its `probe()`.
 *
 * A name that is not one of this family's is a module specifier. The module exports
 * `createBackend(options)`, or exactly one function whose name begins with `create` and ends in
 * `Backend`; the function returns a {@link @watchkeeper/core#WatchBackend}. Relative specifiers count
 * from the working directory.
 *
 * @param name - Name or module specifier; not `auto`, which is a choice and not a backend.
 * @param options - Passed to the factory as they are.
 * @throws TypeError when the name is `auto` or empty, or when the factory refuses the options.
 * @throws WatchError `ERR_WATCH_BACKEND_MISSING` when the module is not installed, or nothing is called
 * so: see its remedy.
 * @throws WatchError `ERR_WATCH_BACKEND_UNSUPPORTED` when the module does not export a backend.
 * @throws WatchError `ERR_WATCH_BACKEND_FAILED` when the module throws while it is loaded.
 *
 * @example
 * ```ts
 * import { loadBackend } from '@watchkeeper/backends';
 *
 * const backend = await loadBackend('poll', { intervalMs: 500 });
 * console.log(backend.name, await backend.probe());
 * ```
 */
export async function loadBackend(
  name: BackendName,
  options?: Readonly<Record<string, unknown>>,
): Promise<WatchBackend> {
  if (typeof name !== 'string' || name === '' || name === 'auto') {
    const given = typeof name === 'string' ? `"${name}"` : typeof name;
    throw new TypeError(`loadBackend: "name" must name one backend, got ${given}`);
  }
  const factory = await loadFactory(name);
  const backend: unknown = options === undefined ? factory() : factory(options);
  if (isBackend(backend)) return backend;
  throw unsupported(name, `${name} made something that is not a watch backend`);
}

async function loadFactory(name: string): Promise<BackendFactory> {
  const member = FAMILY_MEMBERS.get(name);
  try {
    if (member !== undefined) return await member.load();
    return factoryOf(name, await importForApplication(name));
  } catch (cause) {
    throw toLoadError(name, member?.install ?? null, cause);
  }
}

function factoryOf(name: string, module: Readonly<Record<string, unknown>>): BackendFactory {
  const named = module['createBackend'];
  if (typeof named === 'function') return named as BackendFactory;
  const candidates = Object.entries(module).filter(
    ([key, value]) => /^create\w*Backend$/.test(key) && typeof value === 'function',
  );
  const only = candidates.length === 1 ? candidates[0] : undefined;
  if (only !== undefined) return only[1] as BackendFactory;
  const found =
    candidates.length === 0
      ? 'no backend factory'
      : `${candidates.length} backend factories (${candidates.map(([key]) => key).join(', ')})`;
  throw unsupported(name, `${name} exports ${found}`);
}

function toLoadError(name: string, install: string | null, cause: unknown): unknown {
  if (cause instanceof WatchError) return cause;
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  if (code === 'ERR_MODULE_NOT_FOUND') {
    const { message, remedy } = absenceOf(name, install);
    return new WatchError(message, {
      code: 'ERR_WATCH_BACKEND_MISSING',
      backend: name,
      remedy,
      cause,
    });
  }
  if (isOutOfDescriptors(cause)) {
    return new WatchError(`The backend "${name}" failed to load: no file descriptor is left`, {
      code: 'ERR_WATCH_LIMIT_FILES',
      retryable: true,
      backend: name,
      remedy: 'raise the limit of open files (ulimit -n) or close some',
      cause,
    });
  }
  return new WatchError(`The backend "${name}" failed to load`, {
    code: 'ERR_WATCH_BACKEND_FAILED',
    backend: name,
    cause,
  });
}

/** Says what is absent and what to do; `install` is the command for a backend of this family. */
function absenceOf(
  name: string,
  install: string | null,
): { readonly message: string; readonly remedy: string } {
  const notInstalled = `The backend "${name}" is not installed`;
  if (install !== null) return { message: notInstalled, remedy: `run: ${install}` };
  const missing = missingModule(name);
  if (missing.kind === 'package') {
    return { message: notInstalled, remedy: `run: npm install ${missing.install}` };
  }
  if (missing.kind === 'unknown') {
    return { message: `No backend is called "${name}"`, remedy: knownNamesAdvice(missing.closest) };
  }
  return {
    message: `The backend module ${name} was not found`,
    remedy: missing.isBare
      ? `write ./${name}, if it is a file`
      : `create it, or correct the path (relative to ${process.cwd()})`,
  };
}

/** Modules are opened when they are imported; which of them could not be is of no account. */
function isOutOfDescriptors(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  return code === 'EMFILE' || code === 'ENFILE';
}

function unsupported(name: string, message: string): WatchError {
  return new WatchError(message, {
    code: 'ERR_WATCH_BACKEND_UNSUPPORTED',
    backend: name,
    remedy: 'export createBackend(options), which returns a WatchBackend',
  });
}

function isBackend(value: unknown): value is WatchBackend {
  if (typeof value !== 'object' || value === null) return false;
  const { name, probe, capabilities, open } = value as Partial<Record<keyof WatchBackend, unknown>>;
  return (
    typeof name === 'string' && [probe, capabilities, open].every((it) => typeof it === 'function')
  );
}
