/** Lets `count` rounds of the event loop pass, microtasks and immediates included. */
export async function turns(count = 5): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
