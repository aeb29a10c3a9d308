import { join, relative as relativePath, sep } from 'node:path';
import { entryType, tryReadStats } from '@watchkeeper/core/backend-kit';
import type { Cover, CoverContext } from './cover.ts';
import { isWithin } from './directory-table.ts';
import type { NativeEvent, NativeHandle } from './native-binding.ts';
import { literalPaths } from './native-ignore.ts';
import type { Finding, RootMember } from './root-member.ts';

/** Everything below the direct entries of the root, as the binding's glob. */
const BELOW_ENTRIES = '*/**';

/**
 * Covers a root with one native subscription and nothing else: a tree where the operating system
 * itself covers trees, or the direct entries of a directory anywhere.
 */
export class PlainCover implements Cover {
  readonly #context: CoverContext;
  readonly #shallow: boolean;
  readonly #pruned: ReadonlySet<string>;
  #handle: NativeHandle | null = null;

  constructor(context: CoverContext) {
    const members = context.members();
    this.#context = context;
    this.#shallow = members.every((member) => member.shallow);
    this.#pruned = prunedByAll(members);
  }

  async open(): Promise<void> {
    const { hub, path, onNative } = this.#context;
    const ignore = [...literalPaths(this.#pruned), ...(this.#shallow ? [BELOW_ENTRIES] : [])];
    this.#handle = await hub.subscribe(path, onNative, ignore);
  }

  serves(member: RootMember): boolean {
    if (this.#shallow && !member.shallow) return false;
    const prune = new Set(member.prune);
    return [...this.#pruned].every((path) => prune.has(path) || this.#isRefused(member, path));
  }

  judge(relative: string, type: NativeEvent['type']): Finding | null {
    const stats = tryReadStats(join(this.#context.path, relative));
    const isDirectory = stats?.isDirectory() ?? null;
    return {
      relative,
      stats,
      type: stats ? entryType(stats) : undefined,
      // A directory that came or went brings or takes content that no event tells.
      reach: isDirectory === false || (isDirectory && type === 'update') ? 'entry' : 'tree',
      hint: stats === null ? 'removed' : type === 'create' ? 'created' : 'changed',
    };
  }

  recheck(): void {
    // One subscription covers everything or nothing.
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    if (handle !== null) await this.#context.hub.unsubscribe(this.#context.path, handle);
  }

  #isRefused(member: RootMember, path: string): boolean {
    const relative = relativePath(this.#context.path, path).split(sep).join('/');
    if (relative.startsWith('../') || isWithin('', relative)) return false;
    return member.refuses(relative, 'directory');
  }
}

function prunedByAll(members: readonly RootMember[]): ReadonlySet<string> {
  const [first, ...others] = members.map((member) => new Set(member.prune));
  const common = [...(first ?? [])].filter((path) => others.every((prune) => prune.has(path)));
  return new Set(common);
}
