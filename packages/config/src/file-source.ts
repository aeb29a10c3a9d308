import { sha256 } from './canonical.ts';
import { isMissing, sameFingerprint } from './config-fs.ts';
import type { ConfigFs, Fingerprint } from './config-fs.ts';
import { isBlank, readDocument } from './decode.ts';
import type { LayerDocument } from './decode.ts';
import { ConfigError, isConfigError } from './errors.ts';
import type { ResolvedFileLayer } from './layer.ts';
import { looksCutOff, markOf, prove, sighted, untouchedForMs } from './observation.ts';
import type { Observation, Proof, Sighting } from './observation.ts';
import { yieldWithout } from './yield.ts';
import type { Yield } from './yield.ts';
import type { SourceState } from './snapshot.ts';
import { RACY_MS } from './timing.ts';
import type { Timing } from './timing.ts';

/** What one look at a source came to. */
export type SourceLook =
  | { readonly kind: 'same' }
  | { readonly kind: 'new'; readonly proof: Proof; readonly restarted: boolean };

/** What a look needs to know. */
export interface LookFacts {
  readonly now: number;
  readonly wallNow: number;
  /** Reads even what seems unchanged. */
  readonly force: boolean;
  /** Whether nothing but the passing of time asks for the look. */
  readonly swept: boolean;
  readonly timing: Timing;
}

interface Judged {
  readonly mark: string;
  readonly fingerprint: Fingerprint | undefined;
  readonly failed: boolean;
  /** Whether a change within one tick of a coarse clock could hide behind the fingerprint. */
  readonly racy: boolean;
  readonly yields: Yield;
  readonly served: Good | undefined;
}

interface Good {
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly fingerprint: Fingerprint;
  readonly document: LayerDocument;
}

/** One file layer: what lies there, what of it was proved, and what of it is served. */
export class FileSource {
  /** The layer as it was asked for. */
  readonly layer: ResolvedFileLayer;
  /** Reads since the start. */
  reads = 0;
  readonly #fs: ConfigFs;
  #sighting: Sighting | undefined;
  #pending: Judged | undefined;
  #judged: Judged | undefined;
  #good: Good | undefined;
  #missingSince: number | undefined;
  #parsed: { readonly hash: string; readonly yields: Yield } | undefined;

  constructor(layer: ResolvedFileLayer, fs: ConfigFs) {
    this.layer = layer;
    this.#fs = fs;
  }

  /** Looks at the file; reads it unless its fingerprint says that nothing changed since it was judged. */
  async look(facts: LookFacts): Promise<SourceLook> {
    const { force, now, wallNow, timing } = facts;
    const before = this.#sighting;
    const observation = await this.#observe(facts);
    if (observation?.kind !== 'missing') this.#missingSince = undefined;
    else this.#missingSince ??= now;
    if (observation === undefined) {
      this.#sighting = undefined;
      this.#pending = undefined;
      return { kind: 'same' };
    }
    const mark = this.#markOf(observation, now);
    const whole = observation.kind !== 'content' || !observation.torn;
    if (!force && whole && mark === this.#judged?.mark) {
      this.#judged = {
        ...this.#judged,
        ...this.#trace(observation, wallNow),
      };
      this.#sighting = undefined;
      this.#pending = undefined;
      return { kind: 'same' };
    }
    const sighting = sighted(before, observation, now);
    this.#sighting = sighting;
    const proof = this.#prove(sighting, { now, wallNow, timing });
    if (proof.proved) {
      this.#pending = {
        mark,
        ...this.#trace(observation, wallNow),
        yields: this.#yieldOf(observation, now),
        served: this.#servedBy(observation),
      };
    }
    return { kind: 'new', proof, restarted: sighting.since === now };
  }

  /** Whether what was judged still lies there. */
  async stillThere(): Promise<boolean> {
    const judged = this.#pending ?? this.#judged;
    // A failure has no state to compare with; the next look finds out whether it passed.
    if (judged?.failed === true) return true;
    const fingerprint = judged?.fingerprint;
    const found = await this.#stat();
    if (found.kind === 'failed') return false;
    if (found.kind === 'missing') return fingerprint === undefined;
    return fingerprint !== undefined && sameFingerprint(found.fingerprint, fingerprint);
  }

  /** What the newest proved look gives to a load. */
  yields(): Yield {
    const judged = this.#pending ?? this.#judged;
    return judged?.yields ?? { ok: true, document: undefined };
  }

  /** Ends a load: what was proved is judged, and served if the load was good. */
  commit(good: boolean): void {
    this.#judged = this.#pending ?? this.#judged;
    this.#pending = undefined;
    this.#sighting = undefined;
    if (good) this.#good = this.#judged?.served;
  }

  /** What is known of the file, for status and snapshots. */
  state(): SourceState {
    const good = this.#good;
    const judged = this.#judged;
    const refused =
      judged !== undefined && (!judged.yields.ok || judged.served?.hash !== good?.hash);
    const missing = this.#missingSince !== undefined;
    return {
      id: this.layer.id,
      path: this.layer.path,
      state: missing ? 'missing' : refused || this.#sighting !== undefined ? 'held' : 'ok',
      ...(good === undefined
        ? {}
        : { realPath: good.fingerprint.realPath, sha256: good.hash, bytes: good.bytes.length }),
    };
  }

  async #stat(): Promise<
    | { readonly kind: 'found'; readonly fingerprint: Fingerprint }
    | { readonly kind: 'missing' }
    | { readonly kind: 'failed'; readonly error: NodeJS.ErrnoException }
  > {
    try {
      const fingerprint = await this.#fs.stat(this.layer.path);
      return fingerprint === undefined ? { kind: 'missing' } : { kind: 'found', fingerprint };
    } catch (error) {
      return { kind: 'failed', error: asErrno(error) };
    }
  }

  /** `undefined` when the fingerprint is the judged one. */
  async #observe({ force, swept, wallNow }: LookFacts): Promise<Observation | undefined> {
    const { path, maxBytes } = this.layer;
    const found = await this.#stat();
    if (found.kind !== 'found') return found;
    const { fingerprint } = found;
    const judged = this.#judged;
    if (!force && judged?.fingerprint !== undefined) {
      // The net reads a racy file once, when its clock has moved on for certain; a hint reads it at once.
      const sure = !judged.racy || (swept && untouchedForMs(fingerprint, wallNow) < RACY_MS);
      if (sure && sameFingerprint(judged.fingerprint, fingerprint)) return undefined;
    }
    if (!fingerprint.isFile) {
      const error: NodeJS.ErrnoException = new Error('not a regular file');
      error.code = 'EISDIR';
      return { kind: 'failed', error };
    }
    if (fingerprint.size > BigInt(maxBytes)) return { kind: 'oversize', fingerprint };
    try {
      this.reads++;
      const bytes = await this.#fs.read(path, maxBytes);
      const after = await this.#fs.stat(path);
      if (bytes.length > maxBytes) return { kind: 'oversize', fingerprint };
      const torn = after === undefined || !sameFingerprint(fingerprint, after);
      return { kind: 'content', fingerprint, bytes, hash: sha256(bytes), torn };
    } catch (error) {
      return isMissing(error) ? { kind: 'missing' } : { kind: 'failed', error: asErrno(error) };
    }
  }

  #markOf(observation: Observation, now: number): string {
    const mark = markOf(observation);
    return observation.kind === 'missing' && this.#graceOver(now) ? 'gone' : mark;
  }

  #graceOver(now: number): boolean {
    const { missingGraceMs, onMissing } = this.layer;
    return (
      onMissing === 'error' &&
      this.#missingSince !== undefined &&
      now - this.#missingSince >= missingGraceMs
    );
  }

  #trace(
    observation: Observation,
    wallNow: number,
  ): Pick<Judged, 'fingerprint' | 'racy' | 'failed'> {
    const failed = observation.kind === 'failed';
    if (failed || observation.kind === 'missing') {
      return { fingerprint: undefined, racy: false, failed };
    }
    const { fingerprint, kind } = observation;
    const racy = Math.abs(untouchedForMs(fingerprint, wallNow)) < RACY_MS;
    return { fingerprint, racy: racy && kind === 'content', failed };
  }

  #prove(sighting: Sighting, facts: Pick<LookFacts, 'now' | 'wallNow' | 'timing'>): Proof {
    const { observation } = sighting;
    const first = this.#judged === undefined;
    if (observation.kind === 'missing' && this.layer.onMissing === 'empty') {
      return prove(sighting, { ...facts, first, suspect: true });
    }
    if (observation.kind !== 'content') return prove(sighting, { ...facts, first, suspect: false });
    const { bytes } = observation;
    const cut = isBlank(bytes) || looksCutOff(bytes, this.#good?.bytes);
    const proof = prove(sighting, { ...facts, first, suspect: cut });
    if (!proof.proved || cut || !this.#lostKeys(observation)) return proof;
    return prove(sighting, { ...facts, first, suspect: true });
  }

  /** Whether top-level keys are gone from a file that was rewritten in place: a rename brings whole files only. */
  #lostKeys(observation: Observation & { kind: 'content' }): boolean {
    const good = this.#good;
    if (good === undefined || good.fingerprint.ino !== observation.fingerprint.ino) return false;
    const yields = this.#parse(observation);
    if (!yields.ok || yields.document === undefined) return false;
    const { value } = yields.document;
    return Object.keys(good.document.value).some((key) => !Object.hasOwn(value, key));
  }

  #parse({ bytes, hash }: Observation & { kind: 'content' }): Yield {
    if (this.#parsed?.hash === hash) return this.#parsed.yields;
    if (this.#good?.hash === hash) return { ok: true, document: this.#good.document };
    const { parser, path } = this.layer;
    let yields: Yield;
    try {
      yields = { ok: true, document: readDocument(bytes, parser, { file: path, hash }) };
    } catch (error) {
      // A parser that fails in a way of its own must not end the reloading: its failure is the verdict.
      const refusal = isConfigError(error)
        ? error
        : new ConfigError('The parser failed', { code: 'E_PARSE', file: path, hash, cause: error });
      yields = { ok: false, error: refusal };
    }
    this.#parsed = { hash, yields };
    return yields;
  }

  #yieldOf(observation: Observation, now: number): Yield {
    if (observation.kind === 'content') return this.#parse(observation);
    return yieldWithout(observation, {
      layer: this.layer,
      good: this.#good?.document,
      graceOver: this.#graceOver(now),
    });
  }

  #servedBy(observation: Observation): Good | undefined {
    if (observation.kind === 'content') {
      const yields = this.#parse(observation);
      if (!yields.ok || yields.document === undefined) return undefined;
      const { bytes, hash, fingerprint } = observation;
      return { bytes, hash, fingerprint, document: yields.document };
    }
    return this.layer.onMissing === 'empty' ? undefined : this.#good;
  }
}

function asErrno(error: unknown): NodeJS.ErrnoException {
  return error instanceof Error ? error : new Error(String(error));
}
