import type { Capabilities, Probe, Scope, WatchBackend } from './backend.ts';
import { isWatchError, WatchError } from './errors.ts';
import type { Place } from './place.ts';
import type {
  BackendChoice,
  ChooseBackends,
  Explanation,
  RejectedBackend,
} from './watcher-options.ts';

/** Which backends may serve a place, in order, and why. */
export function chooseBackends(
  choose: ChooseBackends | undefined,
  place: Place,
  scope: Scope,
  backends: readonly WatchBackend[],
): BackendChoice {
  const chosen = choose?.(place, scope, backends) ?? backends;
  return 'backends' in chosen ? chosen : { backends: chosen };
}

/** Asks each backend once whether it can run here. */
export class ProbeCache {
  readonly #probes = new Map<WatchBackend, Promise<Probe>>();

  /** The backend's answer; a backend that breaks its promise not to reject counts as not usable. */
  probe(backend: WatchBackend): Promise<Probe> {
    let probe = this.#probes.get(backend);
    if (probe === undefined) {
      probe = backend.probe().catch((error: unknown): Probe => {
        return { usable: false, error: backendFailure(backend.name, [], error) };
      });
      this.#probes.set(backend, probe);
    }
    return probe;
  }
}

/** Turns whatever a backend threw into a {@link WatchError}. */
export function backendFailure(
  backend: string,
  paths: readonly string[],
  cause: unknown,
): WatchError {
  if (isWatchError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WatchError(`Backend ${backend} failed: ${reason}`, {
    code: 'ERR_WATCH_BACKEND_FAILED',
    backend,
    paths,
    cause,
  });
}

/** The error of a backend that does not serve a kind of scope. */
export function scopeUnsupported(backend: string, path: string, kind: Scope['kind']): WatchError {
  return new WatchError(`Backend ${backend} does not watch a scope of kind ${kind} at ${path}`, {
    code: 'ERR_WATCH_SCOPE_UNSUPPORTED',
    backend,
    paths: [path],
    remedy: 'add a backend that does, for example poll',
  });
}

/** Whether a backend serves a kind of scope at all. */
export function serves(capabilities: Capabilities, kind: Scope['kind']): boolean {
  return capabilities.scope[kind] !== 'none';
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
    if (!probe.usable) rejected.push({ name, because: probe.error.message });
    else if (!serves(backend.capabilities(place), scope.kind)) {
      rejected.push({ name, because: scopeUnsupported(name, place.path, scope.kind).message });
    } else chosen = name;
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
