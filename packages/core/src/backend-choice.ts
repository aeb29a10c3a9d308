import type { Probe, Scope, WatchBackend } from './backend.ts';
import { isWatchError, WatchError, type WatchErrorEffect } from './errors.ts';
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

/** Asks each backend once whether it can run here, until a failed answer is forgotten. */
export class ProbeCache {
  readonly #probes = new Map<WatchBackend, Promise<Probe>>();

  /** The backend's answer; a backend that breaks its promise not to reject counts as not usable. */
  probe(backend: WatchBackend): Promise<Probe> {
    let probe = this.#probes.get(backend);
    if (probe === undefined) {
      probe = ask(backend);
      this.#probes.set(backend, probe);
    }
    return probe;
  }

  /** Lets backends that were not usable be asked again: a module may have been installed since. */
  async forgetFailures(): Promise<void> {
    for (const [backend, probe] of [...this.#probes]) {
      const { usable } = await probe;
      if (!usable && this.#probes.get(backend) === probe) this.#probes.delete(backend);
    }
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
