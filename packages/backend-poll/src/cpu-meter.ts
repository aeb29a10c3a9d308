/** CPU time of this process with all its threads so far, in milliseconds since an arbitrary point. */
export type CpuMeter = () => number;

/**
 * The meter of the system. The time of a single thread would be nearer to what is wanted, but Linux
 * brings it up to date only with its tick, which is longer than a slice.
 */
export const cpuMeter: CpuMeter = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
