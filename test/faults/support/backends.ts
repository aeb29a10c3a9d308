/** Every backend of the family; a fault that one of them survives is a row for each. */
export const BACKENDS = ['fs', 'poll', 'chokidar', 'native'] as const;

/** One of them. */
export type BackendUnderTest = (typeof BACKENDS)[number];

/** Those that need inotify on Linux. */
export const EVENT_BACKENDS = ['fs', 'chokidar', 'native'] as const;
