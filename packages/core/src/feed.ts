import type { OpenRequest, WatchBackend } from './backend.ts';
import { isWatchError, type WatchError } from './errors.ts';
import { exhausted, interruptedFor, isLimit, saysGone, takenOver } from './feed-error.ts';
import { FeedPlan } from './feed-plan.ts';
import type { FeedBackend, FeedEnvironment, FeedOwner } from './feed-owner.ts';
import { Pause } from './pause.ts';
import { POLL_INTERVAL_MS } from './scope-environment.ts';
import { Supply } from './supply.ts';

/** Wait before the backends are tried again after a live subscription ended and none took over: long enough not to spin, in milliseconds. */
export const REOPEN_DELAY_MS = 1000;

/** The wait doubles up to this, in milliseconds: a repaired mount is found again within half a minute. */
export const MAX_REOPEN_DELAY_MS = 30_000;

/** Wait before a backend that was wanted more is tried again beside the one that took over: a limit is raised by a person, in milliseconds. */
export const RETURN_DELAY_MS = 60_000;

/** The wait doubles up to this, in milliseconds: trying costs a walk of the tree, so a quarter of an hour. */
export const MAX_RETURN_DELAY_MS = 900_000;

/** What a feed is asked for. */
export type FeedTerms = Pick<OpenRequest, 'root' | 'scope' | 'place' | 'ignores'>;

/**
 * Keeps one scope supplied with evidence: opens the first backend that can, moves to the next when it
 * fails, returns to a better one when it can be had again, and lets nothing through from a
 * subscription that was given up.
 */
export class Feed {
  readonly #owner: FeedOwner;
  readonly #environment: FeedEnvironment;
  readonly #request: Omit<OpenRequest, 'persistent' | 'signal'>;
  readonly #abort = new AbortController();
  readonly #retrying: Pause;
  readonly #returning: Pause;
  /** What is wanted now: whoever works for another plan stops. */
  #plan: FeedPlan = new FeedPlan([]);
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
    this.#request = {
      ...terms,
      prune: [],
      followSymlinks: false,
      pollIntervalMs: POLL_INTERVAL_MS,
      clock,
    };
    this.#referenced = referenced;
    this.#retrying = new Pause(clock);
    this.#returning = new Pause(clock);
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
    const plan = FeedPlan.make(this.#environment.selection(), this.#request);
    const work = this.#work.then(() =>
      isWatchError(plan) ? this.#fail(plan) : this.#establish(plan),
    );
    this.#work = work;
    if (isWatchError(plan)) return work;
    this.#plan = plan;
    this.#retrying.end();
    this.#returning.end();
    return work;
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
    const error = this.#supply?.refer(referenced) ?? null;
    if (error !== null) this.#supply?.fail(error);
  }

  /** Ends the subscription, also one that is being opened. */
  close(): Promise<void> {
    if (this.#closing !== null) return this.#closing;
    const supply = this.#supply;
    this.#supply = null;
    supply?.retire();
    this.#abort.abort();
    this.#retrying.end();
    this.#returning.end();
    this.#closing = (async () => {
      await this.#release(supply);
      await this.#work;
    })();
    return this.#closing;
  }

  /** What cannot be had ends the scope, unless something serves it already. */
  #fail(error: WatchError): WatchError {
    if (this.#closing !== null) return error;
    if (this.#supply === null) this.#owner.failed(error);
    else this.#owner.problem(error);
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
    const error = exhausted(this.#request.root, plan.failures);
    // What was given up to make room is better than nothing.
    if (inUse !== null && this.#supply === null) {
      const again = await this.#open(plan, [inUse.backend]);
      if (again !== 'exhausted') return error;
    }
    return this.#fail(error);
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
      let outcome = await this.#supplyFrom(backend);
      if (!(outcome instanceof Supply) && isLimit(outcome) && (await this.#makeRoom(outcome))) {
        outcome = await this.#supplyFrom(backend);
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

  async #supplyFrom(backend: WatchBackend): Promise<Supply | WatchError> {
    const persistent = this.#referenced;
    const outcome = await Supply.open(backend, {
      request: { ...this.#request, persistent, signal: this.#abort.signal },
      probes: this.#environment.probes,
      target: this.#owner,
      ended: (supply, error) => {
        if (supply === this.#supply) this.#ended(supply, error);
      },
    });
    if (!(outcome instanceof Supply)) return outcome;
    const error = outcome.refer(this.#referenced);
    if (error === null) return outcome;
    await this.#release(outcome);
    return error;
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
    this.#serve(plan, supply);
    this.#owner.connected();
    await this.#release(former);
  }

  #serve(plan: FeedPlan, { backend, capabilities }: Supply): void {
    const fellBackFrom = plan.failures;
    this.#backend = { name: backend.name, capabilities, fellBackFrom };
    const last = fellBackFrom.at(-1);
    if (last === undefined) return;
    this.#owner.problem(takenOver(this.#request.root, backend.name, last));
    if (plan.recoverable.length > 0) void this.#returnLater(plan);
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
    this.#work = this.#work.then(async () => {
      await this.#release(supply);
      // A change of backends may have opened another one meanwhile.
      if (this.#closing !== null || this.#supply !== null) return;
      if (!(await this.#isGone(error))) await this.#recover(this.#plan, supply.backend, error);
    });
  }

  /** Tries what comes after a backend that ended; when nothing is left and it may pass, everything again, later. */
  async #recover(plan: FeedPlan, backend: WatchBackend, error: WatchError): Promise<void> {
    plan.fail(backend, error);
    if (plan.untried.length > 0) {
      if ((await this.#open(plan, plan.untried)) !== 'exhausted') return;
    } else if (error.retryable) {
      this.#owner.problem(interruptedFor(this.#request.root, { name: backend.name, error }));
      await this.#retry(plan);
      return;
    }
    this.#owner.failed(exhausted(this.#request.root, plan.failures));
  }

  async #retry(plan: FeedPlan): Promise<void> {
    for (let delay = REOPEN_DELAY_MS; !this.#isStale(plan); delay *= 2) {
      await this.#retrying.wait(Math.min(delay, MAX_REOPEN_DELAY_MS), this.#referenced);
      if (this.#isStale(plan)) return;
      plan.reset();
      if ((await this.#open(plan, plan.candidates)) !== 'exhausted') return;
    }
  }

  /** Beside the backend that took over, tries those that were wanted more, until one is back. */
  async #returnLater(plan: FeedPlan): Promise<void> {
    const serving = this.#supply;
    for (let delay = RETURN_DELAY_MS; ; delay *= 2) {
      const waited = await this.#returning.wait(Math.min(delay, MAX_RETURN_DELAY_MS), false);
      if (!waited || this.#isStale(plan) || serving !== this.#supply) return;
      const returned = this.#work.then(() => this.#return(plan));
      this.#work = returned;
      if (await returned) return;
    }
  }

  /** Says whether there is nothing left to return to. */
  async #return(plan: FeedPlan): Promise<boolean> {
    if (this.#isStale(plan) || this.#supply === null) return true;
    for (const backend of plan.recoverable) {
      const outcome = await this.#supplyFrom(backend);
      if (!(outcome instanceof Supply)) continue;
      plan.recover(backend);
      await this.#replace(plan, outcome);
      return true;
    }
    return false;
  }
}
