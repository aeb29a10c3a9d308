/**
 * Names a way to watch. `auto` decides by place; `fs`, `poll`, `chokidar` and `native` are the backends of this
 * family; anything else is a module specifier of a backend somebody else published: a package name,
 * a path relative to the working directory, or a `file:` URL. See {@link loadBackend} for what such
 * a module exports.
 */
export type BackendName = 'auto' | 'poll' | 'fs' | 'chokidar' | 'native' | (string & {});

/** A backend used only where its conditions hold. Without conditions it holds everywhere. */
export interface BackendRule {
  /**
   * Glob on the absolute path, with `/` on every platform: the watched directory with symlinks
   * resolved, or the file in it when single files are watched. `/data/**` matches `/data` too.
   */
  readonly match?: string;
  /** The platform must be (one of) these, as in `process.platform`. */
  readonly platform?: NodeJS.Platform | readonly NodeJS.Platform[];
  /** The file system type must match (one of) these: a type as the kernel names it, or a glob such as `nfs*`. */
  readonly fsType?: string | readonly string[];
  /** What to use there: one name, or several in order of preference. */
  readonly use: BackendName | readonly BackendName[];
}

/** Which backend watches what. Plain data, so it can live in a configuration file. */
export interface BackendConfig {
  /** One name, or several in order of preference, for every path no rule matches. @defaultValue `'auto'` */
  readonly use?: BackendName | readonly BackendName[];
  /** Looked at in order before `use`; the first whose conditions all hold decides. */
  readonly rules?: readonly BackendRule[];
  /**
   * Whether the next backend takes over when one is not installed, cannot open or fails later. After
   * the named ones come those `auto` would use. When `false`, only the first named backend is used,
   * and its failure ends the watch.
   *
   * @defaultValue `true`
   */
  readonly fallback?: boolean;
  /**
   * Options for each backend's factory, by backend name: `{ poll: { intervalMs: 500 } }`. Those of `fs`,
   * `poll`, `chokidar` and `native` are checked with the config, others by their module at the first use.
   */
  readonly options?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
