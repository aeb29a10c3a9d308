import { setTimeout as sleep } from 'node:timers/promises';

/** Share of one CPU in percent that this process uses, all threads and the kernel included, during a window. */
export async function processorShare(windowMs: number): Promise<number> {
  const start = performance.now();
  const before = process.cpuUsage();
  await sleep(windowMs);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1000 / (performance.now() - start)) * 100;
}
