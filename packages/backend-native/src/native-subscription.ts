import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AbsPath,
  EntryType,
  LossReason,
  OpenRequest,
  Sink,
  Subscription,
  Touch,
  WatchError,
} from '@watchkeeper/core';
import {
  Delivery,
  isRefused,
  readRoot,
  readStats,
  RootGuard,
  toTouchStat,
  withSafeIgnores,
  type EntryIdentity,
} from '@watchkeeper/core/backend-kit';
import type { NativeRoot } from './native-root.ts';
import type { ResolvedNativeOptions } from './options.ts';
import { assertReadable } from './readable.ts';
import type { Finding, RootMember } from './root-member.ts';
import type { RootRegistry } from './root-registry.ts';
import { errors, toWatchError } from './watch-failure.ts';

/** One open request: a member of its root, with its own scope, ignores and sink. */
export class NativeSubscription implements Subscription, RootMember {
  readonly #request: OpenRequest;
  readonly #options: ResolvedNativeOptions;
  readonly #guard: RootGuard;
  readonly #delivery: Delivery;
  readonly #root: NativeRoot;
  readonly #onAbort = (): void => void this.close();
  #failure: WatchError | null = null;
  #closing: Promise<void> | null = null;

  private constructor(
    request: OpenRequest,
    sink: Sink,
    options: ResolvedNativeOptions,
    identity: EntryIdentity,
    root: NativeRoot,
  ) {
    this.#request = withSafeIgnores(request, errors, (error) => this.problem(error));
    this.#options = options;
    this.#guard = new RootGuard(request.root, identity, errors, (error) => this.end(error));
    this.#delivery = new Delivery(sink, errors);
    this.#root = root;
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Resolves once every directory in scope is covered. Rejects with a {@link WatchError}. */
  static async open(
    request: OpenRequest,
    sink: Sink,
    registry: RootRegistry,
    options: ResolvedNativeOptions,
  ): Promise<NativeSubscription> {
    const { root: path, signal, clock, place } = request;
    if (signal.aborted) throw errors.aborted(path, signal.reason);
    const { real, identity } = resolveRoot(path);
    const { sliceMs } = options;
    const { platform } = place;
    const root = registry.rootAt({ path: real, identity, platform, sliceMs, clock });
    const subscription = new NativeSubscription(request, sink, options, identity, root);
    try {
      await subscription.#start();
    } catch (error) {
      // Whoever waits for the refusal may count on nothing being held any more.
      await subscription.close();
      throw error;
    }
    return subscription;
  }

  get shallow(): boolean {
    return this.#request.scope.kind !== 'tree';
  }

  get prune(): readonly string[] {
    return this.#request.prune;
  }

  refuses(relative: string, type: EntryType | undefined): boolean {
    return this.#request.ignores(relative, type);
  }

  take(findings: readonly Finding[]): void {
    this.#delivery.touchAll(findings.flatMap((finding) => this.#touchOf(finding) ?? []));
  }

  lose(why: LossReason): void {
    this.#delivery.lose([this.#request.root], why);
  }

  problem(error: WatchError): void {
    this.#delivery.degrade(error);
  }

  regain(paths: readonly string[]): void {
    // What was told in this turn is older: it must not be taken for news afterwards.
    this.#delivery.flush();
    this.#delivery.lose(paths as readonly AbsPath[], 'uncovered');
  }

  end(error: WatchError): void {
    if (this.#failure !== null || this.#closing !== null) return;
    this.#failure = error;
    if (error.code === 'ERR_WATCH_ROOT_GONE') {
      this.#delivery.touch({ path: this.#request.root, reach: 'tree', hint: 'removed' });
    }
    this.#delivery.end(error);
    void this.close();
  }

  checkRoot(): void {
    this.#guard.check();
  }

  /** The binding holds the process alive in any case; the capability `unref` says so. */
  ref(): void {}

  unref(): void {}

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #start(): Promise<void> {
    const { signal, root } = this.#request;
    const { promise: abort, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => reject(errors.aborted(root, signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      // The binding cannot be interrupted: the abort takes the member out, and what was opened is closed.
      await Promise.race([this.#root.join(this), abort]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    this.checkRoot();
    if (this.#failure !== null) throw this.#failure;
    const { clock } = this.#request;
    this.#guard.start(clock, this.#options.rootCheckMs, () => this.#root.recheck());
    this.#delivery.release();
  }

  #touchOf({ relative, stats, type, reach, hint }: Finding): Touch | null {
    if (!this.#inScope(relative) || isRefused(this.#request.ignores, relative, type)) return null;
    const stat = stats ? toTouchStat(stats) : stats;
    return {
      path: (relative === '' ? this.#request.root : join(this.#request.root, relative)) as AbsPath,
      reach: this.shallow ? 'entry' : reach,
      ...(hint === undefined ? {} : { hint }),
      ...(stat === undefined ? {} : { stat }),
    };
  }

  #inScope(relative: string): boolean {
    const { scope } = this.#request;
    if (scope.kind === 'tree' || relative === '') return true;
    if (relative.includes('/')) return false;
    return scope.kind === 'directory' || scope.names.has(relative);
  }

  async #shutDown(): Promise<void> {
    this.#delivery.stop();
    this.#guard.stop();
    this.#request.signal.removeEventListener('abort', this.#onAbort);
    await this.#root.leave(this);
  }
}

/** Reads the root; throws a {@link WatchError} when it cannot be watched. */
function resolveRoot(root: AbsPath): { real: string; identity: EntryIdentity } {
  readRoot(root, errors);
  try {
    assertReadable(root);
    const real = realpathSync.native(root);
    const identity = readStats(real);
    if (identity === null) throw errors.missing(root);
    return { real, identity };
  } catch (cause) {
    throw toWatchError(cause, root);
  }
}
