import { accessSync, constants, realpathSync } from 'node:fs';
import { join } from 'node:path';
import {
  WatchError,
  type AbsPath,
  type EntryType,
  type LossReason,
  type OpenRequest,
  type Sink,
  type Subscription,
  type Timer,
  type Touch,
} from '@watchkeeper/core';
import { Delivery } from './delivery.ts';
import { isSame, lookAt, toEntryStat, type Identity } from './entry-look.ts';
import type { NativeRoot } from './native-root.ts';
import type { ResolvedNativeOptions } from './options.ts';
import type { Finding, RootMember } from './root-member.ts';
import type { RootRegistry } from './root-registry.ts';
import { aborted, BACKEND_NAME, rootGone, toWatchError } from './watch-failure.ts';

/** One open request: a member of its root, with its own scope, ignores and sink. */
export class NativeSubscription implements Subscription, RootMember {
  readonly #request: OpenRequest;
  readonly #options: ResolvedNativeOptions;
  readonly #identity: Identity;
  readonly #delivery: Delivery;
  readonly #root: NativeRoot;
  readonly #onAbort = (): void => void this.close();
  #timer: Timer | null = null;
  #ignoresThrew = false;
  #failure: WatchError | null = null;
  #closing: Promise<void> | null = null;

  private constructor(
    request: OpenRequest,
    sink: Sink,
    options: ResolvedNativeOptions,
    identity: Identity,
    root: NativeRoot,
  ) {
    this.#request = request;
    this.#options = options;
    this.#identity = identity;
    this.#delivery = new Delivery(sink);
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
    if (signal.aborted) throw aborted(path, signal.reason);
    const { real, identity } = readRoot(path);
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
    try {
      return this.#request.ignores(relative, type);
    } catch (cause) {
      // Whatever a caller's function throws, watching goes on: the path counts as wanted, told once.
      if (!this.#ignoresThrew) {
        this.#ignoresThrew = true;
        this.problem(
          new WatchError(`The ignore function threw for ${relative}`, {
            code: 'ERR_WATCH_BACKEND_FAILED',
            effect: 'noted',
            backend: BACKEND_NAME,
            paths: [this.#request.root],
            cause,
          }),
        );
      }
      return false;
    }
  }

  take(findings: readonly Finding[]): void {
    this.#delivery.touch(findings.flatMap((finding) => this.#touchOf(finding) ?? []));
  }

  lose(why: LossReason): void {
    this.#delivery.lose([this.#request.root], why);
  }

  problem(error: WatchError): void {
    this.#delivery.degrade(error);
  }

  end(error: WatchError): void {
    if (this.#failure !== null || this.#closing !== null) return;
    this.#failure = error;
    if (error.code === 'ERR_WATCH_ROOT_GONE') {
      this.#delivery.touch([{ path: this.#request.root, reach: 'tree', hint: 'removed' }]);
    }
    this.#delivery.end(error);
    void this.close();
  }

  checkRoot(): void {
    const stats = lookAt(this.#request.root);
    if (stats?.isDirectory() === true && isSame(stats, this.#identity)) return;
    this.end(rootGone(this.#request.root));
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
    const onAbort = (): void => reject(aborted(root, signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      // The binding cannot be interrupted: the abort takes the member out, and what was opened is closed.
      await Promise.race([this.#root.join(this), abort]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    this.checkRoot();
    if (this.#failure !== null) throw this.#failure;
    this.#guard();
    this.#delivery.release();
  }

  #guard(): void {
    this.#timer = this.#request.clock.setTimeout(() => {
      this.#timer = null;
      this.checkRoot();
      if (this.#closing !== null) return;
      this.#root.recheck();
      this.#guard();
    }, this.#options.rootCheckMs);
    this.#timer.unref();
  }

  #touchOf({ relative, stats, type, reach, hint }: Finding): Touch | null {
    if (!this.#inScope(relative) || this.#isIgnored(relative, type)) return null;
    const stat = stats ? toEntryStat(stats) : stats;
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

  /** A refused directory is refused with everything below it, so each ancestor is asked about, from the top. */
  #isIgnored(relative: string, type: EntryType | undefined): boolean {
    if (relative === '') return false;
    const names = relative.split('/');
    return names.some((_, index) => {
      const isLeaf = index === names.length - 1;
      return this.refuses(names.slice(0, index + 1).join('/'), isLeaf ? type : 'directory');
    });
  }

  async #shutDown(): Promise<void> {
    this.#delivery.stop();
    this.#timer?.cancel();
    this.#timer = null;
    this.#request.signal.removeEventListener('abort', this.#onAbort);
    await this.#root.leave(this);
  }
}

/** Reads the root; throws a {@link WatchError} when it cannot be watched. */
function readRoot(root: AbsPath): { real: string; identity: Identity } {
  const stats = lookAt(root);
  if (stats === null) throw systemError('ENOENT', root);
  if (stats !== undefined && !stats.isDirectory()) throw systemError('ENOTDIR', root);
  try {
    accessSync(root, constants.R_OK | constants.X_OK);
    const real = realpathSync.native(root);
    const identity = lookAt(real);
    if (!identity) throw systemError('ENOENT', root);
    return { real, identity };
  } catch (cause) {
    throw toWatchError(cause, root);
  }
}

function systemError(code: string, path: string): WatchError {
  return toWatchError(Object.assign(new Error(`${code}: ${path}`), { code }), path);
}
