import type { Audited, Differs, Known } from './audited.ts';
import type { Capabilities, LossReason } from './backend.ts';
import type { AbsPath } from './entry.ts';
import type { FeedBackend } from './feed-owner.ts';
import type { Steps } from './look.ts';
import { ScopeWishes, type ScopeWish } from './scope-wish.ts';
import type { ScopeState } from './scope-listener.ts';
import type { Watchdog } from './watchdog.ts';

/** Shortest time given to evidence that is under way, in milliseconds: covers a loop that is busy. */
export const MIN_GRACE_MS = 500;

/** Longest time given to evidence that is under way, in milliseconds, whatever a backend allows itself. */
export const MAX_GRACE_MS = 1000;

/** What the care for a scope needs to know of it. */
export interface CaredScope {
  readonly size: number;
  readonly slow: boolean;
  readonly state: ScopeState;
  readonly backend: FeedBackend | null;
  /** Whether it is being read as a whole. */
  readonly busy: boolean;
  audit(differs: Differs): Steps;
  known(path: AbsPath): Known;
  lookAtHot(): void;
  reread(why: LossReason): Promise<boolean>;
}

/** What is not promised, where evidence comes by itself, is lost without a word when it matters. */
const unpromised: readonly ((capabilities: Capabilities) => boolean)[] = [
  ({ loss }) => loss === 'silent',
  ({ foreignWrites }) => foreignWrites !== 'seen',
  ({ openFileAppends }) => openFileAppends !== 'prompt',
  ({ newDirectories }) => newDirectories === 'gap',
  ({ movedDirectories }) => movedDirectories === 'stale',
  ({ rootRemoval }) => rootRemoval === 'silent',
];

/** Whether a backend may lose evidence without a word: the kernel's, or that of changes it does not see. */
export function isSilent(capabilities: Capabilities): boolean {
  return capabilities.delivery === 'push' && unpromised.some((misses) => misses(capabilities));
}

/** Puts a scope under the watchdog while it is live and its backend, or somebody who follows it, makes that worth it. */
export class ScopeCare implements Audited {
  readonly #scope: CaredScope;
  readonly #watchdog: Watchdog;
  readonly #wishes = new ScopeWishes();

  constructor(scope: CaredScope, watchdog: Watchdog) {
    this.#scope = scope;
    this.#watchdog = watchdog;
  }

  get slow(): boolean {
    return this.#scope.slow;
  }

  get size(): number {
    return this.#scope.size;
  }

  get auditIntervalMs(): number {
    return this.#wishes.auditIntervalMs;
  }

  get auditAuto(): boolean {
    return this.#wishes.auto && this.silent;
  }

  get graceMs(): number {
    const latency = this.#capabilities?.worstLatencyMs ?? MAX_GRACE_MS;
    return Math.min(MAX_GRACE_MS, Math.max(MIN_GRACE_MS, latency));
  }

  get comparable(): boolean {
    return this.#scope.state === 'live' && !this.#scope.busy;
  }

  /** Whether the backend in use may lose evidence without a word. */
  get silent(): boolean {
    const capabilities = this.#capabilities;
    return capabilities !== null && isSilent(capabilities);
  }

  /** Counts the wish of one who follows the scope in or out. */
  count(wish: ScopeWish, by: 1 | -1): void {
    this.#wishes.count(wish, by);
    if (this.#capabilities !== null) this.#decide();
  }

  /** The scope moved to another state, or to another backend. */
  moved(): void {
    this.#decide();
  }

  /** Why the scope is suspected of a loss, if it is; whoever asks reads it as a whole. */
  takeSuspicion(): LossReason | null {
    return this.#watchdog.takeSuspicion(this);
  }

  audit(differs: Differs): Steps {
    return this.#scope.audit(differs);
  }

  known(path: AbsPath): Known {
    return this.#scope.known(path);
  }

  lookAtHot(): void {
    if (this.#wishes.hot) this.#scope.lookAtHot();
  }

  reread(why: LossReason): Promise<boolean> {
    return this.#scope.reread(why);
  }

  /** What the backend in use promises; `null` while the scope is not live. Never kept: a scope that is live may move to another backend. */
  get #capabilities(): Capabilities | null {
    const { state, backend } = this.#scope;
    return state === 'live' ? (backend?.capabilities ?? null) : null;
  }

  #decide(): void {
    const push = this.#capabilities?.delivery === 'push';
    const asked = push && this.#wishes.auditIntervalMs < Number.POSITIVE_INFINITY;
    if (asked || this.silent) this.#watchdog.add(this);
    else this.#watchdog.remove(this);
  }
}
