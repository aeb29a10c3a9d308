import type {
  NativeBinding,
  NativeCallback,
  NativeEvent,
  NativeHandle,
} from '../src/native-binding.ts';

/** One native subscription of a {@link FakeBinding}. */
export interface FakeSubscription {
  readonly directory: string;
  readonly ignore: readonly string[];
  readonly callback: NativeCallback;
  open: boolean;
}

/** A binding that a test drives. It also notes what would deadlock or crash the real one. */
export class FakeBinding implements NativeBinding {
  /** Every subscription that was made, in order, the closed ones too. */
  readonly subscriptions: FakeSubscription[] = [];
  /** What was called, in order. */
  readonly calls: string[] = [];
  /** The engine each subscribing and each reading of a snapshot asked for. */
  readonly engines: (string | undefined)[] = [];
  /** Calls that overlapped, or were made from inside a callback. */
  readonly violations: string[] = [];
  /** Runs inside each subscribing, before it takes effect; throw here to fail it. */
  onSubscribe: ((directory: string) => void | Promise<void>) | null = null;
  /** Runs inside each unsubscribing; throw here to fail it. */
  onUnsubscribe: ((directory: string) => void) | null = null;
  #busy: string | null = null;

  /** Directories that are subscribed now. */
  get open(): string[] {
    return this.subscriptions.filter(({ open }) => open).map(({ directory }) => directory);
  }

  async subscribe(
    directory: string,
    callback: NativeCallback,
    options: { readonly ignore?: readonly string[]; readonly backend?: string } = {},
  ): Promise<NativeHandle> {
    const { ignore = [], backend: engine } = options;
    this.engines.push(engine);
    const subscription = { directory, callback, ignore, open: false };
    await this.#exclusively(`subscribe ${directory}`, async () => {
      if (this.open.includes(directory)) this.violations.push(`${directory} twice`);
      await this.onSubscribe?.(directory);
      this.subscriptions.push(subscription);
      subscription.open = true;
    });
    return {
      unsubscribe: () =>
        this.#exclusively(`unsubscribe ${directory}`, () => {
          subscription.open = false;
          this.onUnsubscribe?.(directory);
        }),
    };
  }

  getEventsSince(
    directory: string,
    _snapshot: string,
    options: { readonly backend?: string } = {},
  ): Promise<unknown> {
    this.engines.push(options.backend);
    return this.#exclusively(`getEventsSince ${directory}`, () => {
      throw new Error('Unable to open snapshot file: No such file or directory');
    });
  }

  /** Tells events through every subscription of a directory. */
  emit(directory: string, ...events: readonly (readonly [NativeEvent['type'], string])[]): void {
    this.#call(
      directory,
      null,
      events.map(([type, path]) => ({ type, path })),
    );
  }

  /** Tells an error through every subscription of a directory. */
  fail(directory: string, message: string): void {
    this.#call(directory, new Error(message), []);
  }

  #call(directory: string, error: Error | null, events: readonly NativeEvent[]): void {
    const outer = this.#busy;
    this.#busy = 'a callback';
    for (const subscription of this.subscriptions) {
      if (subscription.open && subscription.directory === directory) {
        subscription.callback(error, events);
      }
    }
    this.#busy = outer;
  }

  async #exclusively<T>(what: string, work: () => T | Promise<T>): Promise<T> {
    if (this.#busy !== null) this.violations.push(`${what} during ${this.#busy}`);
    this.#busy = what;
    this.calls.push(what);
    try {
      // The real one works in a thread, so it never answers in the turn of the call.
      await new Promise(setImmediate);
      return await work();
    } finally {
      this.#busy = null;
    }
  }
}
