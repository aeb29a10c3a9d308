/**
 * Resolves in the check phase of the event loop: at the end of this iteration, or of the next one when
 * called there. Outside of every callback of a watch handle, and after the events of a poll phase.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
