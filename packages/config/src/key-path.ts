/** A value that is handed out whole: paths do not reach into it. */
export type Leaf =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | Date
  | RegExp
  | Uint8Array
  | ((...args: never[]) => unknown);

/** A type with every property of every level readonly. */
export type DeepReadonly<T> = T extends Leaf ? T : { readonly [K in keyof T]: DeepReadonly<T[K]> };

/** Counts down the levels that a {@link KeyPath} may still descend. */
export type Depth = [never, 0, 1, 2, 3, 4, 5, 6];

/** `'server' | 'server.port' | …`: the dotted paths of a configuration; object keys only, six levels deep. */
export type KeyPath<T, D extends number = 6> = [D] extends [never]
  ? never
  : T extends Leaf | readonly unknown[]
    ? never
    : {
        [K in keyof T & string]: K | `${K}.${KeyPath<NonNullable<T[K]>, Depth[D]>}`;
      }[keyof T & string];

/** The type of the value at a {@link KeyPath}. */
export type PathValue<T, P extends string> = P extends `${infer K}.${infer R}`
  ? K extends keyof T
    ? PathValue<NonNullable<T[K]>, R> | (undefined extends T[K] ? undefined : never)
    : never
  : P extends keyof T
    ? T[P]
    : never;

/** The value at a dotted path, or `undefined` where a key on the way is absent. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}
