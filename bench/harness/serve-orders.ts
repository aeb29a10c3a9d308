/** What is said to a writer, and by it. */
export interface Dialogue {
  readonly order: object;
  readonly answer: unknown;
}

/** Entry of a writer: says that it is there, then carries out the orders that come, one at a time. */
export function serveOrders<D extends Dialogue>(
  carryOut: (order: D['order'], answer: (answer: D['answer']) => void) => Promise<void>,
): void {
  const answer = (value: D['answer']): void => {
    process.send?.(value);
  };
  let last = Promise.resolve();
  process.on('message', (order: D['order']) => {
    last = last.then(() => carryOut(order, answer));
  });
  process.on('disconnect', () => process.exit(0));
  answer('there');
}
