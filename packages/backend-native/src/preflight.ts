import { watch } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { errorCode } from '@watchkeeper/core/backend-kit';

/** Looks at the kernel's limits before the binding runs into them. */
export interface Preflight {
  /** Throws the system's error when a directory cannot get a watch: the binding's own error has no code. */
  assertWatchable(directory: string): void;
  /** Rejects when no inotify instance is left for the binding's thread. */
  assertInstanceLeft(directory: string): Promise<void>;
  /** Why a new subdirectory has no watch, or `null`: the binding says nothing when it could not add one. */
  limitReachedAt(directory: string): Error | null;
}

/**
 * Tries `fs.watch` in a thread of its own, whose event loop needs an inotify instance of its own. EMFILE
 * means too many instances or too many descriptors, and which of them only the thread can tell, while
 * its own descriptors are open: ENFILE stands for the second here.
 */
const TRIAL = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { closeSync, openSync, watch } = require('node:fs');
  const isExhausted = () => {
    try {
      closeSync(openSync('/dev/null', 'r'));
      return false;
    } catch (error) {
      return error.code === 'EMFILE' || error.code === 'ENFILE';
    }
  };
  try {
    watch(workerData).close();
    parentPort.postMessage(null);
  } catch (error) {
    const code = error.code === 'EMFILE' && isExhausted() ? 'ENFILE' : error.code;
    parentPort.postMessage({ code, message: error.message });
  }
`;

/** What Node says when a thread could not get the descriptors of its event loop. */
const THREAD_WITHOUT_DESCRIPTORS = /\bE[MN]FILE\b/;

/** For inotify. */
export const inotifyPreflight: Preflight = {
  assertWatchable(directory) {
    watch(directory, { persistent: false }).close();
  },

  /**
   * The binding's thread would fail before it signals its start, and the event loop would wait for
   * that signal for ever (parcel-bundler/watcher issue 126), so this must be known beforehand. The
   * event loop of this thread may own an instance already, so only another event loop can tell: some
   * ten milliseconds, once per start of the binding's thread.
   */
  async assertInstanceLeft(directory) {
    const { promise, resolve, reject } = Promise.withResolvers<object | null>();
    const worker = new Worker(TRIAL, { eval: true, workerData: directory, execArgv: [], env: {} });
    worker.once('message', resolve);
    worker.once('error', (error: Error) => {
      if (THREAD_WITHOUT_DESCRIPTORS.test(error.message))
        resolve({ code: 'ENFILE', message: error.message });
      else reject(error);
    });
    try {
      const failure = await promise;
      if (failure !== null) throw Object.assign(new Error(), failure);
    } finally {
      await worker.terminate();
    }
  },

  limitReachedAt(directory) {
    try {
      inotifyPreflight.assertWatchable(directory);
      return null;
    } catch (error) {
      // Anything but the limit (it went away, it is not readable) is found by the look that follows.
      return error instanceof Error && errorCode(error) === 'ENOSPC' ? error : null;
    }
  },
};

/** For systems where one handle covers a tree: their limits are not met by counting. */
export const noPreflight: Preflight = {
  assertWatchable: () => undefined,
  assertInstanceLeft: () => Promise.resolve(),
  limitReachedAt: () => null,
};
