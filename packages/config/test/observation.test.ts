import { describe, expect, test } from 'vitest';
import type { Fingerprint } from '../src/config-fs.ts';
import { looksCutOff, markOf, prove, sighted } from '../src/observation.ts';
import type { Observation, ProofFacts } from '../src/observation.ts';
import { resolveTiming } from '../src/timing.ts';

const timing = resolveTiming({ stableForMs: 100, suspectMs: 1500 });
const WALL_MS = 1_800_000_000_000;

function fingerprint(ageMs: number): Fingerprint {
  const at = BigInt(WALL_MS - ageMs) * 1_000_000n;
  return {
    dev: 1n,
    ino: 1n,
    size: 3n,
    mtimeNs: at,
    ctimeNs: at,
    isFile: true,
    realPath: '/app.yaml',
  };
}

function content(hash: string, facts: { ageMs?: number; torn?: boolean } = {}): Observation {
  const { ageMs = 0, torn = false } = facts;
  return { kind: 'content', fingerprint: fingerprint(ageMs), bytes: Buffer.from(hash), hash, torn };
}

const missing: Observation = { kind: 'missing' };
const failed: Observation = {
  kind: 'failed',
  error: Object.assign(new Error('busy'), { code: 'EBUSY' }),
};

const cases: readonly [
  title: string,
  observation: Observation,
  facts: Partial<ProofFacts> & { readonly now: number },
  expected: boolean | number,
][] = [
  ['new bytes are not believed at once', content('a'), { now: 0 }, 100],
  ['bytes that stayed are believed', content('a'), { now: 100 }, true],
  ['bytes that look cut off wait longer', content('a'), { now: 100, suspect: true }, 1500],
  ['and are believed after it', content('a'), { now: 1500, suspect: true }, true],
  ['a torn read is never believed', content('a', { torn: true }), { now: 9999 }, 10_099],
  [
    'an old file is believed at the first load',
    content('a', { ageMs: 3000 }),
    { now: 0, first: true },
    true,
  ],
  ['but not later on', content('a', { ageMs: 3000 }), { now: 0 }, 100],
  ['a young file is proved at the first load too', content('a'), { now: 0, first: true }, 100],
  [
    'a file from the future is proved',
    content('a', { ageMs: -9999 }),
    { now: 0, first: true },
    100,
  ],
  ['absence is believed at the first load', missing, { now: 0, first: true }, true],
  ['but proved when a file was there', missing, { now: 0 }, 100],
  ['a failure may pass', failed, { now: 100 }, 200],
  ['a failure that lasts is believed', failed, { now: 1500 }, true],
];

describe('proof of what was sighted', () => {
  test.each(cases)('%s', (_title, observation, facts, expected) => {
    const proof = prove(
      { observation, since: 0 },
      { wallNow: WALL_MS, first: false, suspect: false, timing, ...facts },
    );
    expect(proof.proved ? true : proof.againAt).toBe(expected);
  });
});

describe('a row of sightings', () => {
  test('goes on while the same bytes are found, whatever their times', () => {
    const first = sighted(undefined, content('a', { ageMs: 50 }), 10);
    expect(sighted(first, content('a'), 60).since).toBe(10);
  });

  test('starts anew with other bytes, with a torn read, and with another kind', () => {
    const first = sighted(undefined, content('a'), 10);
    expect(sighted(first, content('b'), 60).since).toBe(60);
    expect(sighted(first, content('a', { torn: true }), 60).since).toBe(60);
    expect(sighted(first, missing, 60).since).toBe(60);
  });

  test('tells observations apart by what they found', () => {
    const oversize: Observation = { kind: 'oversize', fingerprint: fingerprint(0) };
    const marks = [content('a'), content('b'), missing, failed, oversize].map(markOf);
    expect(new Set(marks).size).toBe(5);
  });
});

describe('bytes that look cut off', () => {
  const good = Buffer.from('port: 80\nname: app\n');
  test.each([
    ['a prefix', 'port: 80\n', true],
    ['nothing', '', true],
    ['the same', 'port: 80\nname: app\n', false],
    ['something shorter and different', 'port: 81\n', false],
    ['something longer', 'port: 80\nname: app\nlog: 1\n', false],
  ])('%s', (_title, text, expected) => {
    expect(looksCutOff(Buffer.from(text), good)).toBe(expected);
  });

  test('need a good version to compare with', () => {
    expect(looksCutOff(Buffer.from(''), undefined)).toBe(false);
  });
});
