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
  readonly #ending = new Ending();

  constructor(host: WorkHost, { clock, lane, counts }: ScopeEnvironment) {
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

  /** Sees to it that a listener is told when the present slice of work is over. */
  mark(listener: ScopeListener): void {
    if (this.#first === null) this.#first = listener;
    else if (this.#first !== listener) this.#dirty.add(listener);
  }

  /** A slice of work is over. What is found during a pass is told at its end. */
  rested(): void {
    if (!this.#passes.running) this.tell();
  }

  /** Tells what was found. */
  tell(): void {
    if (this.#first === null) return;
    if (this.#dirty.size > 0) {
      this.#deliver(null);
      return;
    }
    const only = this.#first;
    this.#first = null;
    only.scopeRested(null);
  }

  /** Tells what was found as the repair of a loss; gives whether there was anything. */
  repaired(loss: Loss): boolean {
    const differed = this.#first !== null;
    if (!differed && !loss.always) return false;
    this.#counts.repairs++;
    this.#deliver({ ...loss, unsure: this.#host.unsure() });
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

  #deliver(repair: Repair | null): void {
    const everybody = repair?.always ?? false;
    const marked = this.#first === null ? [] : [this.#first, ...this.#dirty];
    const told = everybody ? [...this.#host.listeners()] : marked;
    this.#first = null;
    this.#dirty.clear();
    for (const listener of told) listener.scopeRested(repair);
  }
}
