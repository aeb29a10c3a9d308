import type { Capabilities, Explanation, Place, WatchBackend } from '@watchkeeper/core';
import { failureOf, type Failure } from './probe-report.ts';
import type { TreeCount } from './tree-count.ts';

/** How many watches of the system a tree takes. */
export interface WatchDemand {
  /** Watches of the kernel: inotify watches on Linux. */
  readonly watches: number;
  /** Whether the tree was counted only in part, so that it takes at least so many. */
  readonly atLeast: boolean;
}

/** What one backend is worth at one place. */
export interface BackendReport {
  /** The name of the backend, as in a config. */
  readonly name: string;
  /** `chosen` serves, `standby` takes over when it fails, `unused` is not in the order of this place. */
  readonly role: 'chosen' | 'standby' | 'unused';
  /** Whether the config, a rule or the environment names it for this place. */
  readonly asked: boolean;
  /** Why it is chosen, or why not. */
  readonly because: string;
  /** Version of the backend or its library, or `null` when it cannot be used. */
  readonly version: string | null;
  /** Why it cannot be used, with its remedy, or `null`. */
  readonly failure: Failure | null;
  /** What it promises at this place, or `null` when it cannot be used. */
  readonly capabilities: Capabilities | null;
  /** What this tree would take of the system, or `null` when it cannot be told. */
  readonly demand: WatchDemand | null;
}

/** What is known when the backends of a place are described. */
export interface BackendFacts {
  readonly place: Place;
  readonly explanation: Explanation;
  /** The order of this place, most wanted first. */
  readonly order: readonly string[];
  /** What is named for this place. */
  readonly asked: readonly string[];
  readonly tree: TreeCount | null;
}

/** Describes one backend; a backend that is not installed is described by its remedy. */
export async function reportBackend(
  name: string,
  backend: WatchBackend,
  facts: BackendFacts,
): Promise<BackendReport> {
  const { explanation, order, place, tree } = facts;
  const probe = await backend.probe();
  const capabilities = probe.usable ? backend.capabilities(place) : null;
  const isChosen = explanation.chosen === name;
  const rejection = explanation.rejected.find((rejected) => rejected.name === name)?.because;
  return {
    name,
    role: isChosen ? 'chosen' : order.includes(name) && probe.usable ? 'standby' : 'unused',
    asked: facts.asked.includes(name),
    because: isChosen ? reasonFor(name, facts) : (rejection ?? 'nothing asks for it at this place'),
    version: probe.usable ? probe.version : null,
    failure: probe.usable ? null : failureOf(probe.error),
    capabilities,
    demand: capabilities === null || tree === null ? null : demandOf(capabilities, tree),
  };
}

/** Why a backend is chosen; what was asked for is no reason for what stands in for it. */
function reasonFor(name: string, { explanation, order, asked }: BackendFacts): string {
  const passedOver = order.slice(0, order.indexOf(name)).filter((it) => asked.includes(it));
  if (passedOver.length === 0) return explanation.because;
  return `it stands in for ${passedOver.join(', ')}`;
}

/** Kernel watches of a tree, by what one of them buys. */
const WATCHES: Readonly<Record<Capabilities['costPer'], (tree: TreeCount) => number>> = {
  root: () => 1,
  sweep: () => 0,
  directory: ({ directories }) => directories,
  entry: ({ entries }) => entries + 1,
};

/** What a tree takes of the system, by what one watch of a backend buys. */
export function demandOf({ costPer }: Pick<Capabilities, 'costPer'>, tree: TreeCount): WatchDemand {
  const grows = costPer === 'directory' || costPer === 'entry';
  return { watches: WATCHES[costPer](tree), atLeast: grows && tree.stoppedBy !== null };
}
