import type { LossReason } from './backend.ts';
import type { ChangeOrigin } from './change.ts';
import type { AbsPath } from './entry.ts';
import { Ending } from './ending.ts';
import { Examiner, type Examined } from './examiner.ts';
import { PassQueue } from './pass-queue.ts';
import { Repairs, type Loss } from './repairs.ts';
import type { ScopeEnvironment } from './scope-environment.ts';
import type { Repair, ScopeListener } from './scope-listener.ts';

/** What the work on a scope needs to know of it. */
export interface WorkHost extends Examined {
  /** The directory. */
  readonly root: AbsPath;
  /** Everybody who follows it. */
  listeners(): Iterable<ScopeListener>;
  /** What could not be looked at. */
  unsure(): readonly AbsPath[];
  /** Queues what lies at or below a path. */
  seedUnder(path: AbsPath, origin: ChangeOrigin): void;
}

/** What the work on a scope needs of its watcher. */
export type WorkEnvironment = Pick<ScopeEnvironment, 'clock' | 'lane' | 'counts'>;

/** The looking that goes on in one scope, and the telling of what it finds. */
export class ScopeWork {
  /** Works off what is touched. */
  readonly examiner: Examiner;
  readonly #host: WorkHost;
  readonly #counts: ScopeEnvironment['counts'];
  readonly #passes: PassQueue;
  readonly #repairs: Repairs;
  /** Those who are to be told, if there are more than {@link ScopeWork.#first}. */
  readonly #dirty = new Set<ScopeListener>();
  /** Who is to be told first: mostly the only one, for whom the set stays empty. */
  #first: ScopeListener | null = null;
  /** Those who are told nothing before the pass under way is complete: it found something for them. */
  readonly #held = new Set<ScopeListener>();
  readonly #ending = new Ending();

  constructor(host: WorkHost, { clock, lane, counts }: WorkEnvironment) {
    this.#host = host;
    this.#counts = counts;
    this.examiner = new Examiner(host, clock, lane);
    this.#passes = new PassQueue(this.examiner);
    this.#repairs = new Repairs(
      this.#passes,
      (path) => host.seedUnder(path, 'rescan'),
      (loss) => this.repaired(loss),
    );
  }

  /** Whether something is being read as a whole. */
  get busy(): boolean {
    return this.#passes.running;
  }

  /**
   * Sees to it that a listener is told when the present slice of work is over; of what a pass under way
   * found by itself, when all of it was looked at.
   */
  mark(listener: ScopeListener, origin: ChangeOrigin): void {
    if (origin === 'rescan' && this.#passes.running) this.#held.add(listener);
    else if (this.#first === null) this.#first = listener;
    else if (this.#first !== listener) this.#dirty.add(listener);
  }

  /** A slice of work is over. */
  rested(): void {
    if (this.#first === null) return;
    const only = this.#first;
    this.#first = null;
    if (this.#dirty.size === 0 && this.#held.size === 0) {
      only.scopeRested(null);
      return;
    }
    const marked = [only, ...this.#dirty];
    this.#dirty.clear();
    // What somebody is told stays in order: what came in the ordinary way waits with the rest.
    for (const listener of marked) if (!this.#held.has(listener)) listener.scopeRested(null);
  }

  /** Tells everything that was found. */
  tell(): void {
    this.#deliver(null);
    this.rested();
  }

  /** Tells what was found as the repair of a loss; gives whether there was anything. */
  repaired(loss: Loss): boolean {
    const differed = this.#held.size > 0;
    if (differed || loss.always) {
      this.#counts.repairs++;
      this.#deliver({ ...loss, unsure: this.#host.unsure() });
    }
    this.rested();
    return differed;
  }

  /** Notes a loss that a backend reported. */
  lost(under: readonly AbsPath[], why: LossReason): void {
    this.#repairs.note(under, why);
  }

  /** Forgets reported losses; says whether there were any. */
  forgetLosses(): boolean {
    return this.#repairs.forget();
  }

  /** Looks again at what was reported lost. */
  repair(): void {
    this.#repairs.begin();
  }

  /** Reads everything again because something may be lost; resolves to whether anything differed, also at the end of the scope. */
  async reread(why: LossReason): Promise<boolean> {
    this.#counts.audits++;
    this.#repairs.note([this.#host.root], why, false);
    let differed = false;
    await this.#ending.until((done) => {
      this.#repairs.whenSettled((found) => {
        differed = found;
        done();
      });
      this.#repairs.begin();
    });
    return differed;
  }

  /** Runs a pass when those before it are complete. */
  run(seed: () => void, done: () => void): void {
    this.#passes.run({ seed, done });
  }

  /** Resolves when everything that waits, and what `seed` adds, has been looked at and told, or the scope is over. */
  pass(seed: () => void): Promise<void> {
    return this.#ending.until((done) =>
      this.run(seed, () => {
        this.tell();
        done();
      }),
    );
  }

  /** Tells what is left, and forgets all work. */
  close(): void {
    this.tell();
    this.examiner.close();
    this.#passes.clear();
    this.#ending.end();
  }

  /** Tells what was held back. */
  #deliver(repair: Repair | null): void {
    if (this.#held.size === 0 && repair === null) return;
    const told = repair?.always === true ? [...this.#host.listeners()] : [...this.#held];
    this.#held.clear();
    for (const listener of told) listener.scopeRested(repair);
  }
}
