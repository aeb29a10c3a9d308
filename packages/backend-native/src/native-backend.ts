import type { WatchBackend } from '@watchkeeper/core';
import { coversTrees } from '@watchkeeper/core/backend-kit';
import { capabilitiesAt } from './capabilities.ts';
import { importBinding, type LoadedBinding } from './native-binding.ts';
import { NativeSubscription } from './native-subscription.ts';
import { resolveOptions, type NativeBackendOptions } from './options.ts';
import { inotifyPreflight, noPreflight, type Preflight } from './preflight.ts';
import { RootRegistry } from './root-registry.ts';
import { BACKEND_NAME, bindingMissing } from './watch-failure.ts';

/** Where a backend gets its binding and its limits from. */
export interface NativeEnvironment {
  readonly load: () => Promise<LoadedBinding>;
  readonly preflight: Preflight;
  /** The roots of each loaded binding: one set, however many backends there are. */
  readonly registries: WeakMap<object, RootRegistry>;
}

const systemEnvironment: NativeEnvironment = {
  load: importBinding,
  preflight: coversTrees(process.platform) ? noPreflight : inotifyPreflight,
  registries: new WeakMap(),
};

/**
 * Makes a backend on `@parcel/watcher`: native trees (FSEvents, ReadDirectoryChangesW, inotify), with
 * the gaps of the binding found and repaired. The package `@parcel/watcher` must be installed beside
 * this one; it is imported by the first `probe()`.
 *
 * Scopes of single names or of one directory are served by watching more and dropping the rest, and
 * an idle subscription keeps the process alive: the binding has no way to let go. All backends of a
 * process share one native subscription per directory.
 *
 * @throws TypeError when an option is not a number of milliseconds in its range.
 *
 * @example
 * ```ts
 * import { PathWatcher } from '@watchkeeper/core';
 * import { createNativeBackend } from '@watchkeeper/backend-native';
 *
 * const watcher = new PathWatcher({ backends: [createNativeBackend()] });
 * const watch = watcher.watch('.', { recursive: true });
 * watch.on('batch', ({ changes }) => console.log(changes.map(({ kind, path }) => [kind, path])));
 * await watch.ready;
 * await watcher.close();
 * ```
 */
export function createNativeBackend(options: NativeBackendOptions = {}): WatchBackend {
  return createNativeBackendOn(systemEnvironment, options);
}

/** The same on another binding, for tests of what the real one does rarely. */
export function createNativeBackendOn(
  environment: NativeEnvironment,
  options: NativeBackendOptions = {},
): WatchBackend {
  const resolved = resolveOptions(options);
  return {
    name: BACKEND_NAME,
    async probe() {
      try {
        const { version } = await environment.load();
        return { usable: true, version };
      } catch (cause) {
        // Not installed, no binary for this system, or broken: each has its own answer.
        return { usable: false, error: bindingMissing(cause) };
      }
    },
    capabilities: capabilitiesAt,
    async open(request, sink) {
      const registry = registryOf(environment, await loaded(environment));
      return NativeSubscription.open(request, sink, registry, resolved);
    },
  };
}

async function loaded(environment: NativeEnvironment): Promise<LoadedBinding> {
  try {
    return await environment.load();
  } catch (cause) {
    throw bindingMissing(cause);
  }
}

function registryOf(environment: NativeEnvironment, { binding }: LoadedBinding): RootRegistry {
  const known = environment.registries.get(binding);
  if (known !== undefined) return known;
  const registry = new RootRegistry(binding, environment.preflight);
  environment.registries.set(binding, registry);
  return registry;
}
