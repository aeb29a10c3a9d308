/** Tells CPU time that was used so far, in milliseconds since an arbitrary point. */
export interface CpuMeter {
  /** Of this thread alone. */
  thread(): number;
  /** Of the whole process with its pool of file system threads. */
  process(): number;
}

const milliseconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;

/** The CPU time of this process. */
export const cpuMeter: CpuMeter = {
  thread: () => milliseconds(process.threadCpuUsage()),
  process: () => milliseconds(process.cpuUsage()),
};
