import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Every published package stands on exactly one floor that the root's `turbo.json` knows: a package
 * without a tag would be held to no floor by `turbo boundaries`.
 */
const root = join(import.meta.dirname, '..');

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

const floors = Object.keys(
  (read('turbo.json') as { boundaries: { tags: Record<string, unknown> } }).boundaries.tags,
);
for (const manifest of globSync(['packages/*/package.json', 'apps/*/package.json'], {
  cwd: root,
})) {
  const file = join(manifest, '..', 'turbo.json');
  const { tags = [] } = read(file) as { tags?: readonly string[] };
  if (tags.length !== 1 || !floors.includes(tags[0] ?? '')) {
    console.error(`${file}: wanted one tag of ${floors.join(', ')}, got ${JSON.stringify(tags)}`);
    process.exitCode = 1;
  }
}
