import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backendConformance } from '../src/index.ts';
import { createBackend } from './fixtures/scan-backend.ts';

const root = join(import.meta.dirname, '../../..');
const source = readFileSync(join(import.meta.dirname, 'fixtures/scan-backend.ts'), 'utf8');

describe('the backend of docs/writing-a-backend.md', () => {
  it('is the one that is tested here', () => {
    const guide = readFileSync(join(root, 'docs/writing-a-backend.md'), 'utf8');
    expect(guide).toContain(`\`\`\`ts\n${source}\`\`\`\n`);
  });

  it('refuses options that it does not have', () => {
    const options: { intervalMs: number; interval?: number } = { intervalMs: 50, interval: 50 };
    expect(() => createBackend(options)).toThrow(/got "interval"/);
    expect(() => createBackend({ intervalMs: 5 })).toThrow(/"intervalMs" must be .* got 5$/);
  });

  backendConformance({ describe, it, expect }, createBackend);
});
