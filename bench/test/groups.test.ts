import { describe, expect, it } from 'vitest';

import { findGroup, groupNames } from '../harness/registry.ts';
import { rotate, selectContestants, selectSizes } from '../harness/run-group.ts';

const groups = await Promise.all(groupNames().map(findGroup));

describe('the registry', () => {
  it('names the groups when it does not know one', async () => {
    await expect(findGroup('nothing')).rejects.toThrow(
      `unknown group nothing; there are ${groupNames().join(', ')}`,
    );
  });
});

describe.each(groups.map((group) => ({ name: group.name, group })))('group $name', ({ group }) => {
  const names = group.contestants.map(({ name }) => name);
  const keys = group.measures.flatMap(({ key, p99 }) => (p99 === undefined ? [key] : [key, p99]));

  it('is found under its own name', () => {
    expect(groupNames()).toContain(group.name);
  });

  it('runs three sizes, and has one limit or more and something of ours', () => {
    expect(group.sizes).toHaveLength(3);
    expect(new Set(names).size).toBe(names.length);
    const roles = group.contestants.map(({ role }) => role);
    expect(roles).toContain('limit');
    expect(roles).toContain('ours');
  });

  it('compares only with contestants, keys and sizes that it has', () => {
    const full = group.sizes.filter(({ rounds }) => rounds === undefined).map(({ size }) => size);
    expect(group.bars.length).toBeGreaterThan(0);
    for (const { contestant, key, size, times = contestant } of group.bars) {
      expect(names).toContain(contestant);
      expect(names).toContain(times);
      expect(keys).toContain(key);
      expect(full).toContain(size);
    }
    const named = group.measures.flatMap(({ above, limit }) => [above, limit]);
    expect([...names, undefined]).toEqual(expect.arrayContaining(named));
  });

  it('finds its work and every contestant', async () => {
    expect(await group.work()).toBeTypeOf('function');
    for (const { load } of group.contestants) expect(await load()).toBeTypeOf('object');
  });
});

describe('what is run of a group', async () => {
  const group = await findGroup('tree');

  it('is every size, or those asked for with full rounds', () => {
    expect(selectSizes(group, [])).toBe(group.sizes);
    expect(selectSizes(group, [7])).toEqual([{ size: 7 }]);
  });

  it('is every contestant, or those asked for and the baseline', () => {
    expect(selectContestants(group, [])).toHaveLength(group.contestants.length);
    expect(selectContestants(group, ['core on fs'])).toEqual(['nothing', 'core on fs']);
  });

  it('begins each round with another contestant', () => {
    expect([0, 1, 4].map((by) => rotate(['a', 'b', 'c'], by))).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c', 'a'],
      ['b', 'c', 'a'],
    ]);
    expect(rotate([], 3)).toEqual([]);
  });
});
