import { join, sep } from 'node:path';
import type { Place, Scope } from '@watchkeeper/core';
import picomatch from 'picomatch';
import type { BackendRule } from './backend-config.ts';

/** Where a rule's conditions are tried. */
export interface RuleTarget {
  readonly place: Place;
  readonly scope: Scope;
}

/** Tells whether all conditions of one rule hold. Compiled once, since a glob costs more than its match. */
export class RuleMatcher {
  readonly rule: BackendRule;
  readonly #platforms: readonly string[] | null;
  readonly #fsTypes: readonly picomatch.Matcher[] | null;
  readonly #paths: { readonly exact: picomatch.Matcher; readonly folded: picomatch.Matcher } | null;

  constructor(rule: BackendRule) {
    this.rule = rule;
    this.#platforms = rule.platform === undefined ? null : listOf(rule.platform);
    this.#fsTypes =
      rule.fsType === undefined
        ? null
        : listOf(rule.fsType).map((type) => picomatch(type, { dot: true, nocase: true }));
    this.#paths =
      rule.match === undefined
        ? null
        : {
            exact: picomatch(rule.match, { dot: true, windows: sep === '\\' }),
            folded: picomatch(rule.match, { dot: true, windows: sep === '\\', nocase: true }),
          };
  }

  /** Whether the rule decides for this target. */
  holds(target: RuleTarget): boolean {
    const { place } = target;
    if (this.#platforms !== null && !this.#platforms.includes(place.platform)) return false;
    if (this.#fsTypes !== null && !this.#fsTypes.some((matches) => matches(place.fsType))) {
      return false;
    }
    if (this.#paths === null) return true;
    const matches = place.caseSensitive === false ? this.#paths.folded : this.#paths.exact;
    return pathsOf(target).some((path) => matches(path));
  }

  /** Whether files of one directory may be judged differently. */
  get looksAtPaths(): boolean {
    return this.#paths !== null;
  }

  /** What can be told of a file by its path alone: its file system may decide, or tell whether case counts. */
  foresee(path: string): 'holds' | 'fails' | 'open' {
    if (this.#platforms !== null && !this.#platforms.includes(process.platform)) return 'fails';
    const exact = this.#paths?.exact(path) ?? true;
    const folded = this.#paths?.folded(path) ?? true;
    if (!exact && !folded) return 'fails';
    return exact && folded && this.#fsTypes === null ? 'holds' : 'open';
  }

  /** The conditions in words. */
  describe(): string {
    const { match, platform, fsType } = this.rule;
    const parts = [
      match === undefined ? [] : [`path ${match}`],
      platform === undefined ? [] : [`platform ${listOf(platform).join(' or ')}`],
      fsType === undefined ? [] : [`file system ${listOf(fsType).join(' or ')}`],
    ].flat();
    return parts.length === 0 ? 'every path' : parts.join(', ');
  }
}

/** A watch of single files is judged by the files, any other by its directory. */
function pathsOf({ place, scope }: RuleTarget): string[] {
  if (scope.kind !== 'names' || scope.names.size === 0) return [place.path];
  return [...scope.names].map((name) => join(place.path, name));
}

/** A value that may stand alone or in a list. */
export function listOf<T extends string>(value: T | readonly T[]): readonly T[] {
  return typeof value === 'string' ? [value] : value;
}
