import type { Probe, Scope, WatchBackend } from './backend.ts';
import { PROBE_TIMEOUT_MS } from './backend-limits.ts';
import type { Clock } from './clock.ts';
import { Deadline, late } from './deadline.ts';
import { isWatchError, WatchError, type WatchErrorEffect } from './errors.ts';
import { mayPass, timedOut } from './feed-error.ts';
import type { Place } from './place.ts';
import type {
  BackendChoice,
  ChooseBackends,
  Explanation,
  RejectedBackend,
} from './watcher-options.ts';
import { misfit } from './scope-fit.ts';
import { checkBackends } from './watcher-settings.ts';

/**
 * Which backends may serve a place, in order, and why.
 *
 * @throws WatchError when the caller's function throws, or answers with something else.
 */
export function chooseBackends(
  choose: ChooseBackends | undefined,
  place: Place,
  scope: Scope,
  backends: readonly WatchBackend[],
): BackendChoice {
  if (choose === undefined) return { backends };
  try {
    const chosen = choose(place, scope, backends);
    const choice = 'backends' in chosen ? chosen : { backends: chosen };
    checkBackends('choose.backends', choice.backends);
    return choice;
  } catch (error) {
    // The caller's code: whatever it threw is told as a failure of the choice.
    throw backendFailure('choose', [place.path], error);
  }
}

/** What a backend answered, or will. */
interface Asked {
  readonly answer: Promise<Probe>;
  /** Until which era it is good. */
  until: number;
}

/** Asks each backend once whether it can run here, until a failed answer is forgotten. */
export class ProbeCache {
  readonly #clock: Clock;
  /** Weak: a watcher may be given other backends again and again. */
  readonly #asked = new WeakMap<WatchBackend, Asked>();
  /** Those that have not answered: they are not asked twice at once. */
  readonly #pending = new WeakMap<WatchBackend, Promise<Probe>>();
  #era = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The backend's answer; one that breaks its promise not to reject, or does not answer in time, counts as not usable. */
  probe(backend: WatchBackend): Promise<Probe> {
    const known = this.#asked.get(backend);
    if (known !== undefined && known.until >= this.#era) return known.answer;
    const answer = this.#inTime(backend);
    const asked: Asked = { answer, until: this.#era };
    this.#asked.set(backend, asked);
    void answer.then((probe) => {
      if (probe.usable) asked.until = Infinity;
      // What may pass, as a wait that was too long, is asked again by whoever tries again.
      else if (mayPass(probe.error)) asked.until = -1;
    });
    return answer;
  }

  /** Lets backends that were not usable be asked again: a module may have been installed since. */
  forgetFailures(): void {
    this.#era++;
  }

  async #inTime(backend: WatchBackend): Promise<Probe> {
    let pending = this.#pending.get(backend);
    if (pending === undefined) {
      pending = ask(backend).finally(() => this.#pending.delete(backend));
      this.#pending.set(backend, pending);
    }
    const probe = await new Deadline(this.#clock, true).wait(pending, PROBE_TIMEOUT_MS);
    if (probe !== late) return probe;
    const error = timedOut(backend.name, [], 'say whether it can run here', PROBE_TIMEOUT_MS);
    return { usable: false, error };
  }
}

async function ask(backend: WatchBackend): Promise<Probe> {
  try {
    const probe = await backend.probe();
    if (probe.usable) return probe;
    return { usable: false, error: backendFailure(backend.name, [], probe.error) };
  } catch (error) {
    // Whatever it threw, at once or later: it cannot be used.
    return { usable: false, error: backendFailure(backend.name, [], error) };
  }
}

/** Turns whatever a backend threw into a {@link WatchError}. */
export function backendFailure(
  backend: string,
  paths: readonly string[],
  cause: unknown,
  effect: WatchErrorEffect = 'closed',
): WatchError {
  if (isWatchError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WatchError(`Backend ${backend} failed: ${reason}`, {
    code: 'ERR_WATCH_BACKEND_FAILED',
    effect,
    backend,
    paths,
    cause,
  });
}

/** Why a usable backend does not serve a scope, or `null` when it does. */
async function refusal(
  backend: WatchBackend,
  place: Place,
  scope: Scope,
): Promise<WatchError | null> {
  try {
    return await misfit(backend.name, backend.capabilities(place), { root: place.path, scope });
  } catch (error) {
    // A backend that cannot say what it promises promises nothing.
    return backendFailure(backend.name, [place.path], error);
  }
}

/** Tells which backend would be opened, and why not the others, without opening any. */
export async function explainChoice(
  choice: BackendChoice,
  place: Place,
  scope: Scope,
  all: readonly WatchBackend[],
  probes: ProbeCache,
): Promise<Explanation> {
  const rejected: RejectedBackend[] = [...(choice.rejected ?? [])];
  let chosen: string | null = null;
  for (const backend of choice.backends) {
    const { name } = backend;
    if (chosen !== null) {
      rejected.push({ name, because: `stands by: ${chosen} comes first` });
      continue;
    }
    const probe = await probes.probe(backend);
    const error = probe.usable ? await refusal(backend, place, scope) : probe.error;
    if (error === null) chosen = name;
    else rejected.push({ name, because: error.message });
  }
  const named = new Set([...rejected.map(({ name }) => name), chosen]);
  for (const { name } of all) {
    if (!named.has(name)) rejected.push({ name, because: 'not chosen for this place' });
  }
  const because =
    chosen === null
      ? 'no backend can watch this place'
      : (choice.because ?? 'the first backend in order that is usable here');
  return { place, chosen, because, rejected };
}
