/** Resolves in the check phase of the event loop, so outside of every callback of the binding. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
