import { describe, expect, it } from 'vitest';

import { createPageAssets } from '../src/page-assets.ts';
import { ago, bytes, count } from '../src/page/format.ts';
import { LatencyMeter } from '../src/page/latency.ts';

describe('the page’s files', () => {
  const assets = createPageAssets();
  const get = async (path: string): Promise<Response | null> =>
    assets(new Request(`http://127.0.0.1${path}`));

  it('are the page at /, and each module without its types', async () => {
    expect((await get('/'))?.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const module = await get('/page/main.ts');
    expect(module?.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await module?.text()).not.toContain('import type');
  });

  it.each([
    '/page/../main.ts',
    '/page/%2e%2e/options.ts',
    '/page/',
    '/page/index.html',
    '/etc/passwd',
  ])('are nothing else: %s', async (path) => {
    expect(await get(path)).toBe(null);
  });
});

describe('the latency meter', () => {
  it('tells the median of live messages and leaves out what is caught up on', () => {
    const meter = new LatencyMeter();
    const now = Date.parse('2026-01-01T00:00:10Z');
    expect(meter.median()).toBe(null);
    for (const age of [100, 300, 200, 3_600_000]) {
      meter.add(new Date(now - age).toISOString(), now);
    }
    meter.add('no time', now);
    meter.add(null, now);
    expect(meter.median()).toBe(200);
  });
});

describe('words for people', () => {
  it('count, measure and tell how long ago', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect([count(1, 'message'), count(2, 'message')]).toEqual(['1 message', '2 messages']);
    expect([bytes(12), bytes(2048), bytes(3 * 1024 * 1024)]).toEqual([
      '12 B',
      '2.0 KiB',
      '3.0 MiB',
    ]);
    expect(ago(null, now)).toBe('');
    expect(ago('nonsense', now)).toBe('');
    expect(ago(new Date(now - 7_200_000).toISOString(), now)).toMatch(/2\s?h/u);
  });
});
