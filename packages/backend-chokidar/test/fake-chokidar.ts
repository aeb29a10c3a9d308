import { EventEmitter } from 'node:events';
import type {
  ChokidarEvents,
  ChokidarMajor,
  ChokidarOptions,
  ChokidarWatcher,
  LoadedChokidar,
} from '../src/chokidar-module.ts';

/** A chokidar watcher that only does what a test makes it do. */
export class FakeWatcher extends EventEmitter implements ChokidarWatcher {
  readonly options: ChokidarOptions;
  readonly added: string[] = [];
  isClosed = false;

  constructor(options: ChokidarOptions) {
    super();
    this.options = options;
  }

  add(path: string): void {
    // The listener must be there before anything can fail.
    if (this.listenerCount('error') === 0) throw new Error('nobody listens to errors');
    this.added.push(path);
  }

  tell<Name extends keyof ChokidarEvents>(
    event: Name,
    ...values: Parameters<ChokidarEvents[Name]>
  ): void {
    this.emit(event, ...values);
  }

  /** As chokidar does: every listener goes first, and something under way fails afterwards. */
  close(): Promise<void> {
    this.isClosed = true;
    this.removeAllListeners();
    return Promise.resolve().then(() => void this.emit('error', new Error('late')));
  }
}

/** A module that makes {@link FakeWatcher}s, and remembers them. */
export function createFakeChokidar(major: ChokidarMajor): {
  readonly chokidar: LoadedChokidar;
  readonly made: FakeWatcher[];
} {
  const made: FakeWatcher[] = [];
  class FSWatcher extends FakeWatcher {
    constructor(options: ChokidarOptions) {
      super(options);
      made.push(this);
    }
  }
  return { chokidar: { module: { FSWatcher }, version: `${major}.0.0`, major }, made };
}
