import { parse, resolve } from 'node:path';
import { detectPlace, type Clock, type Place } from '@watchkeeper/core';
import type { EffectiveConfig } from '../environment.ts';
import { reportBackend, type BackendReport } from './backend-report.ts';
import { OrderOfConfig, type ConfiguredOrder } from './configured-order.ts';
import { LATE, within } from './deadline.ts';
import type { MachineReport, PlaceReport } from './diagnosis.ts';
import { probeLive } from './live-probe.ts';
import { thisMachine } from './machine-reader.ts';
import { reportMount } from './mount-report.ts';
import { judgePlace } from './place-findings.ts';
import { PROBE_OFF, skipped, type ProbeReport } from './probe-report.ts';
import { ANSWER_MS, inspectSubject, type Subject } from './subject.ts';
import { countTree, type TreeCount } from './tree-count.ts';

/** How far a diagnosis is. */
export interface DiagnosisProgress {
  /** The path under way, as it was given. */
  readonly path: string;
  /** `looking`: what is there. `counting`: how large it is. `probing`: whether changes are told. */
  readonly phase: 'looking' | 'counting' | 'probing';
  /** Entries counted so far. */
  readonly entries: number;
}

/** What every place is inspected with. */
export interface InspectionContext {
  readonly machine: MachineReport;
  readonly effective: EffectiveConfig;
  readonly probe: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: DiagnosisProgress) => void) | undefined;
}

/** A single file or name: one directory is watched for it, and nothing is walked. */
const ONE_NAME: TreeCount = { directories: 1, entries: 1, stoppedBy: null, unreadable: 0 };

/** Kinds of subjects at which nothing can be looked at. */
const CLOSED: ReadonlySet<Subject['kind']> = new Set(['loop', 'unreadable', 'silent', 'broken']);

/** Gathers the facts of one path after another, and has them judged. */
export class PlaceInspector {
  readonly #context: InspectionContext;
  readonly #order: OrderOfConfig;

  constructor(context: InspectionContext) {
    this.#context = context;
    this.#order = new OrderOfConfig(context.effective);
  }

  /** Inspects one path. */
  async inspect(path: string): Promise<PlaceReport> {
    const { clock, machine } = this.#context;
    const tell = (phase: DiagnosisProgress['phase'], entries = 0): void =>
      this.#context.onProgress?.({ path, phase, entries });
    tell('looking');
    const subject = await inspectSubject(resolve(path), clock);
    const ordered = subject.kind === 'silent' ? null : await this.#order.at(path);
    const place = ordered?.explanation.place ?? (await this.#placeOf(resolve(path)));
    if (subject.kind === 'directory') tell('counting');
    const tree = await this.#count(subject, (entries) => tell('counting', entries));
    const backends = ordered === null ? [] : await this.#backends(ordered, tree);
    tell('probing', tree?.entries);
    const probe = await this.#probe(path, subject, ordered);
    const report = {
      path,
      subject,
      place,
      mount: reportMount(thisMachine, place.path),
      backends,
      tree,
      probe,
    };
    const { system, limits } = machine;
    const { hasFallback } = this.#order;
    return { ...report, findings: judgePlace({ ...report, system, limits, hasFallback }) };
  }

  /** The mount table answers where the place itself does not. */
  async #placeOf(path: string): Promise<Place> {
    const place = await within(detectPlace(path), ANSWER_MS, this.#context.clock);
    if (place !== LATE) return place;
    const { platform } = process;
    const unknown = 'unknown';
    return {
      path: path as Place['path'],
      platform,
      fsType: unknown,
      shared: unknown,
      caseSensitive: unknown,
    };
  }

  async #count(
    { kind, directory }: Subject,
    onEntries: (entries: number) => void,
  ): Promise<TreeCount | null> {
    if (CLOSED.has(kind)) return null;
    if (kind !== 'directory') return ONE_NAME;
    const { clock, signal } = this.#context;
    return countTree(directory, { clock, signal, onEntries });
  }

  #backends(
    { explanation, order, asked, names }: ConfiguredOrder,
    tree: TreeCount | null,
  ): Promise<readonly BackendReport[]> {
    const facts = { place: explanation.place, explanation, order, asked, tree };
    return Promise.all(names.map((name) => reportBackend(name, this.#order.backend(name), facts)));
  }

  async #probe(
    path: string,
    subject: Subject,
    ordered: ConfiguredOrder | null,
  ): Promise<ProbeReport> {
    const { clock, probe, signal } = this.#context;
    const chosen = ordered?.explanation.chosen ?? null;
    if (!probe) return PROBE_OFF;
    if (signal?.aborted === true) return skipped('it was interrupted');
    if (ordered === null || CLOSED.has(subject.kind)) {
      return skipped(`${path} cannot be looked at`);
    }
    if (chosen === null) return skipped('no backend can watch this place');
    const { place } = ordered.explanation;
    const { directory } = subject;
    if (parse(directory).root === directory) return skipped(`${directory} is the root of a disk`);
    return probeLive({ backend: this.#order.backend(chosen), place, directory, clock, signal });
  }
}
