/** Time between two looks at a condition that nothing announces. */
const LOOK_MS = 5;

/** Resolves to whether `condition` became true before the deadline. For what no event announces; never to let time pass. */
export async function until(condition: () => boolean, deadlineMs: number): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() >= end) return false;
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_MS);
    });
  }
  return true;
}
