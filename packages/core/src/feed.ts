import type { WatchBackend } from './backend.ts';
import type { AbsPath } from './entry.ts';
import { isWatchError, type WatchError } from './errors.ts';
import {
  exhausted,
  interruptedFor,
  isLimit,
  mayPass,
  passesByItself,
  saysGone,
  takenOver,
} from './feed-error.ts';
import { FeedPlan } from './feed-plan.ts';
import type { FeedBackend, FeedEnvironment, FeedOwner } from './feed-owner.ts';
import { Opener, type FeedTerms } from './opener.ts';
import { reopenPace, Retrial, returnPace } from './retrial.ts';
import { Supply } from './supply.ts';

/**
 * Keeps one scope supplied with evidence: opens the first backend that can, moves to the next when it
 * fails, returns to a better one when it can be had again, and lets nothing through from a
 * subscription that was given up.
 */
export class Feed {
  readonly #owner: FeedOwner;
  readonly #environment: FeedEnvironment;
  readonly #root: AbsPath;
  readonly #opener: Opener;
  readonly #retrying: Retrial;
  readonly #returning: Retrial;
  /** What is wanted now: whoever works for another plan stops. */
  #plan: FeedPlan = new FeedPlan([]);
  /** What is tried again and again, as long as nothing serves. */
  #retried: FeedPlan | null = null;
  #supply: Supply | null = null;
  #backend: FeedBackend | null = null;
  #referenced: boolean;
  /** Everything that opens runs one after another. */
  #work: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | null = null;

  constructor(
    owner: FeedOwner,
    environment: FeedEnvironment,
    terms: FeedTerms,
    referenced: boolean,
  ) {
    const { clock } = environment;
    this.#owner = owner;
    this.#environment = environment;
    this.#root = terms.root;
    this.#opener = new Opener(terms, environment, referenced, owner, (supply, error) => {
      if (supply === this.#supply) this.#ended(supply, error);
    });
    this.#referenced = referenced;
    this.#retrying = new Retrial(clock, reopenPace);
    this.#returning = new Retrial(clock, returnPace);
  }

  /** The backend in use; the last one while another is being opened. */
  get backend(): FeedBackend | null {
    return this.#backend;
  }

  /** Whether a subscription is open. */
  get connected(): boolean {
    return this.#supply !== null;
  }

  /**
   * Opens the first backend that can of those that are to be used now, beside the subscription in
   * use, which ends once the new one is live. Serves the first opening and a change of backends.
   * Gives the error when none can; a subscription in use then goes on.
   */
  connect(): Promise<WatchError | null> {
    const plan = FeedPlan.make(this.#environment.selection(), this.#opener.request);
    if (isWatchError(plan)) return this.#inTurn(async () => this.#refuse(plan));
    this.#plan = plan;
    this.#retrying.end();
    this.#returning.end();
    // Nobody waits for a backend that is not wanted first any more.
    this.#opener.abandon(plan.candidates[0]);
    return this.#inTurn(() => this.#establish(plan));
  }

  /** Waits for the backend's barrier; `false` when it has none, or could not keep it. */
  async barrier(): Promise<boolean> {
    const supply = this.#supply;
    return supply !== null && (await supply.barrier()) && supply === this.#supply;
  }

  /** Sets whether the subscription keeps the process alive. */
  setReferenced(referenced: boolean): void {
    if (referenced === this.#referenced) return;
    this.#referenced = referenced;
    this.#retrying.refer(referenced);
    this.#opener.refer(referenced);
    const error = this.#supply?.refer(referenced) ?? null;
    if (error !== null) this.#supply?.fail(error);
  }

  /** Ends the subscription, also one that is being opened. */
  close(): Promise<void> {
    if (this.#closing !== null) return this.#closing;
    const supply = this.#supply;
    this.#supply = null;
    supply?.retire();
    this.#opener.abandon();
    this.#retrying.end();
    this.#returning.end();
    this.#closing = (async () => {
      await this.#release(supply);
      await this.#work;
    })();
    return this.#closing;
  }

  /** Everything that opens runs one after another. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#work.then(task);
    this.#work = done;
    return done;
  }

  /** What cannot be had ends the scope, unless something serves it already, or is being tried again. */
  #refuse(error: WatchError): WatchError {
    if (this.#closing !== null) return error;
    if (this.#supply === null && this.#retried === null) this.#owner.failed(error);
    else this.#owner.problem(error);
    return error;
  }

  /** Every backend of a plan failed: they are tried again where that may help, and else those that were being tried before. */
  #fail(plan: FeedPlan): WatchError {
    const error = exhausted(this.#root, plan.failures);
    if (this.#supply !== null || this.#isStale(plan)) return this.#refuse(error);
    const passes = this.#backend === null ? passesByItself : mayPass;
    if (plan.failures.some((failure) => passes(failure.error))) {
      this.#owner.problem(interruptedFor(this.#root, plan.failures));
      this.#retryLater(plan);
      return error;
    }
    this.#refuse(error);
    if (this.#retried !== null) this.#retryLater(this.#retried);
    return error;
  }

  #isStale(plan: FeedPlan): boolean {
    return this.#closing !== null || plan !== this.#plan;
  }

  async #establish(plan: FeedPlan): Promise<WatchError | null> {
    if (this.#isStale(plan)) return null;
    const inUse = this.#supply;
    const outcome = await this.#open(plan, plan.candidates);
    if (outcome !== 'exhausted') return null;
    // What was given up to make room is better than nothing.
    if (inUse !== null && this.#supply === null) {
      const error = exhausted(this.#root, plan.failures);
      const again = await this.#open(plan, [inUse.backend]);
      if (again !== 'exhausted') return error;
    }
    return this.#fail(plan);
  }

  /** Tries backends one after another: the first that opens serves from then on. */
  async #open(
    plan: FeedPlan,
    candidates: readonly WatchBackend[],
  ): Promise<'open' | 'exhausted' | 'over'> {
    for (const backend of candidates) {
      const inUse = this.#supply;
      if (inUse?.backend === backend) {
        this.#serve(plan, inUse);
        return 'open';
      }
      let outcome = await this.#opener.open(backend);
      if (!(outcome instanceof Supply) && isLimit(outcome) && (await this.#makeRoom(outcome))) {
        outcome = await this.#opener.open(backend);
      }
      if (outcome instanceof Supply) {
        await this.#replace(plan, outcome);
        return 'open';
      }
      if (this.#isStale(plan) || (await this.#isGone(outcome))) return 'over';
      plan.fail(backend, outcome);
    }
    return 'exhausted';
  }

  /** Where a limit of the system leaves no room for two subscriptions, the one in use ends first. */
  async #makeRoom(error: WatchError): Promise<boolean> {
    const supply = this.#supply;
    if (supply === null || this.#closing !== null) return false;
    this.#supply = null;
    supply.retire();
    this.#owner.interrupted(error);
    await this.#release(supply);
    return this.#closing === null;
  }

  async #replace(plan: FeedPlan, supply: Supply): Promise<void> {
    if (this.#closing !== null) {
      await this.#release(supply);
      return;
    }
    const former = this.#supply;
    former?.retire();
    this.#supply = supply;
    this.#retried = null;
    this.#serve(plan, supply);
    this.#owner.connected();
    supply.rely();
    await this.#release(former);
  }

  #serve(plan: FeedPlan, { backend, capabilities }: Supply): void {
    const fellBackFrom = plan.failures;
    this.#backend = { name: backend.name, capabilities, fellBackFrom };
    const last = fellBackFrom.at(-1);
    if (last === undefined) return;
    this.#owner.problem(takenOver(this.#root, backend.name, last));
    if (plan.recoverable.length > 0) this.#returnLater(plan);
  }

  /** Closes a subscription; that it did not close well is worth a word, not a rejection. */
  async #release(supply: Supply | null): Promise<void> {
    const error = (await supply?.close()) ?? null;
    if (error !== null) this.#owner.problem(error);
  }

  /** Tells the owner when the directory is at fault; says whether there is nothing left to do. */
  async #isGone(error: WatchError): Promise<boolean> {
    const gone = saysGone(error) && !(await this.#owner.isIntact());
    if (this.#closing !== null) return true;
    if (gone) this.#owner.gone(error);
    return gone;
  }

  #ended(supply: Supply, error: WatchError): void {
    if (this.#closing !== null) return;
    this.#supply = null;
    supply.retire();
    this.#returning.end();
    this.#owner.interrupted(error);
    void this.#inTurn(async () => {
      await this.#release(supply);
      // A change of backends may have opened another one meanwhile.
      if (this.#closing !== null || this.#supply !== null) return;
      if (!(await this.#isGone(error))) await this.#recover(this.#plan, supply.backend, error);
    });
  }

  /** Tries what comes after a backend that ended. */
  async #recover(plan: FeedPlan, backend: WatchBackend, error: WatchError): Promise<void> {
    plan.fail(backend, error);
    if ((await this.#open(plan, plan.untried)) === 'exhausted') this.#fail(plan);
  }

  #retryLater(plan: FeedPlan): void {
    this.#plan = plan;
    this.#retried = plan;
    const retry = (): Promise<boolean> => this.#inTurn(() => this.#retry(plan));
    void this.#retrying.run(retry, this.#referenced);
  }

  /** Says whether there is nothing left to try. */
  async #retry(plan: FeedPlan): Promise<boolean> {
    if (this.#isStale(plan)) return true;
    plan.reset();
    return (await this.#open(plan, plan.candidates)) !== 'exhausted';
  }

  /** Beside the backend that took over, tries those that were wanted more, until one is back. */
  #returnLater(plan: FeedPlan): void {
    const serving = this.#supply;
    const returning = (): Promise<boolean> =>
      this.#inTurn(async () => serving !== this.#supply || (await this.#return(plan)));
    void this.#returning.run(returning, false);
  }

  /** Says whether there is nothing left to return to. */
  async #return(plan: FeedPlan): Promise<boolean> {
    if (this.#isStale(plan) || this.#supply === null) return true;
    for (const backend of plan.recoverable) {
      const outcome = await this.#opener.open(backend);
      if (!(outcome instanceof Supply)) {
        if (this.#isStale(plan)) return true;
        continue;
      }
      plan.recover(backend);
      await this.#replace(plan, outcome);
      return true;
    }
    return false;
  }
}
