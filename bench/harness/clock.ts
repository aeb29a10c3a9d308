/** Milliseconds of the monotonic clock that all processes of a machine share; `performance.now()` has an origin per process. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
