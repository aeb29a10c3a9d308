/** One event of the binding. Its type is a hint at best: an atomic replace arrives as `create`. */
export interface NativeEvent {
  readonly path: string;
  readonly type: 'create' | 'update' | 'delete';
}

/** Called by the binding's own thread through the event loop; must not throw, which would end the process. */
export type NativeCallback = (error: Error | null, events: readonly NativeEvent[]) => void;

/** An open native subscription. */
export interface NativeHandle {
  unsubscribe(): Promise<void>;
}

/** What the binding watches with. */
export type NativeEngine = 'inotify' | 'fs-events' | 'windows';

/**
 * The engine of each system, named in every call. A binding left to choose asks first whether
 * Watchman runs, which starts a shell, leaves one end of a pipe open where it does not
 * (`getSockPath` in `watchman/WatchmanBackend.cc`), and watches in another way where it does.
 */
export const ENGINES: Readonly<Partial<Record<NodeJS.Platform, NativeEngine>>> = {
  linux: 'inotify',
  android: 'inotify',
  darwin: 'fs-events',
  win32: 'windows',
};

/** The part of `@parcel/watcher` that is used here. */
export interface NativeBinding {
  subscribe(
    directory: string,
    callback: NativeCallback,
    options?: { ignore?: string[]; backend?: NativeEngine },
  ): Promise<NativeHandle>;
  getEventsSince(
    directory: string,
    snapshot: string,
    options?: { backend?: NativeEngine },
  ): Promise<unknown>;
}

/** A binding with the version of its package. The binding is the same object each time it is loaded. */
export interface LoadedBinding {
  readonly binding: NativeBinding;
  readonly version: string;
}

/** Imports the binding; throws whatever the import throws. */
export async function importBinding(): Promise<LoadedBinding> {
  const { default: binding } = await import('@parcel/watcher');
  const manifest: unknown = await import('@parcel/watcher/package.json', {
    with: { type: 'json' },
  });
  return { binding, version: versionOf(manifest) };
}

function versionOf(manifest: unknown): string {
  const { default: content } = manifest as { readonly default?: { readonly version?: unknown } };
  return typeof content?.version === 'string' ? content.version : 'unknown';
}
