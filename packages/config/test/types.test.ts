import { expect, expectTypeOf, test } from 'vitest';
import { createRig } from './fixtures/rig.ts';
import type { KeyPath, PathValue } from '../src/index.ts';

interface Deep {
  readonly server: { readonly port: number; readonly tls?: { readonly cert: string } };
  readonly hosts: readonly string[];
  readonly since: Date;
}

test('paths and values are typed', async () => {
  expectTypeOf<KeyPath<Deep>>().toEqualTypeOf<
    'server' | 'server.port' | 'server.tls' | 'server.tls.cert' | 'hosts' | 'since'
  >();
  expectTypeOf<PathValue<Deep, 'server.port'>>().toEqualTypeOf<number>();
  expectTypeOf<PathValue<Deep, 'server.tls.cert'>>().toEqualTypeOf<string | undefined>();
  const { config } = createRig();
  await config.ready;
  expectTypeOf(config.get('log.level')).toEqualTypeOf<'debug' | 'info' | 'warn'>();
  // @ts-expect-error: there is no such key
  expect(config.get('log.levle')).toBeUndefined();
  expect(() => {
    // @ts-expect-error: snapshots are readonly
    config.get().port = 1;
  }).toThrow(TypeError);
});
