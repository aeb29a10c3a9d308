import { describe, expect, it } from 'vitest';
import { ChildNodes } from '../src/child-nodes.ts';

interface Named {
  readonly name: string;
}

function filled(count: number): ChildNodes<Named> {
  const nodes = new ChildNodes<Named>();
  for (let index = 0; index < count; index++) nodes.add({ name: `n${index}` });
  return nodes;
}

function namesOf(nodes: ChildNodes<Named>): readonly string[] {
  return [...nodes.values()].map(({ name }) => name);
}

describe.each([1, 31, 32, 33, 200])('the %i entries of a directory', (count) => {
  it('are found by their names, and given in the order in which they came', () => {
    const nodes = filled(count);
    expect(nodes.size).toBe(count);
    expect(namesOf(nodes)).toEqual(Array.from({ length: count }, (_, index) => `n${index}`));
    expect(nodes.get(`n${count - 1}`)).toEqual({ name: `n${count - 1}` });
    expect(nodes.get('other')).toBeUndefined();
  });

  it('can all be taken out, and come back', () => {
    const nodes = filled(count);
    for (const node of nodes.values()) nodes.delete(node);
    expect(nodes.size).toBe(0);
    expect(nodes.get('n0')).toBeUndefined();
    nodes.add({ name: 'n0' });
    expect(namesOf(nodes)).toEqual(['n0']);
  });

  it('are given completely while others come and go', () => {
    const nodes = filled(count);
    const stays = namesOf(nodes).filter((_, index) => index % 2 === 0);
    const given: string[] = [];
    let index = 0;
    for (const { name } of nodes.values()) {
      given.push(name);
      const gone = nodes.get(`n${index++}`);
      if (gone !== undefined && !stays.includes(gone.name)) nodes.delete(gone);
      if (index <= count) nodes.add({ name: `late${index}` });
    }
    expect(given).toEqual(expect.arrayContaining([...stays]));
    expect(namesOf(nodes)).toEqual(expect.arrayContaining([...stays, 'late1']));
  });
});
