import { describe, expect, it } from 'vitest';
import { answersAtOnce, detectPlace } from '../src/place.ts';
import { temporaryDirectory } from './support/scene.ts';

describe('detectPlace', () => {
  it('describes a directory on this machine', async () => {
    const directory = temporaryDirectory();
    const place = await detectPlace(`${directory}/`);
    expect(place).toMatchObject({ path: directory, platform: process.platform });
    expect(place.fsType).not.toBe('');
  });

  it('agrees with the quick judgement about local places', async () => {
    const directory = temporaryDirectory();
    const { shared } = await detectPlace(directory);
    expect(answersAtOnce(directory)).toBe(shared === false);
  });

  it('tells proc from the disk by the mount table', async (context) => {
    if (process.platform !== 'linux') context.skip('only Linux has /proc');
    expect((await detectPlace('/proc/self')).fsType).toBe('proc');
  });
});
