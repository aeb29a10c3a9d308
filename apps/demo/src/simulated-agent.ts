import { fork } from 'node:child_process';
import { join } from 'node:path';

/** Time a simulated agent gets to finish its line before it is killed, in milliseconds. */
export const AGENT_STOP_MS = 2000;

/** A running simulated agent. */
export interface SimulatedAgent {
  /** Lets it finish the line it writes, and waits until the process has ended. */
  stop(): Promise<void>;
}

/** Starts a simulated agent in a process of its own that writes below `root`. */
export function startSimulatedAgent(
  root: string,
  speed: number,
  report: (problem: string) => void,
): SimulatedAgent {
  const child = fork(
    join(import.meta.dirname, 'agent', 'main.ts'),
    ['--root', root, '--seed', String(Date.now() % 1_000_000), '--speed', String(speed)],
    // A group of its own: Ctrl-C reaches the demo alone, which then stops the agent in order.
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: process.platform !== 'win32' },
  );
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  child.on('error', (error) => report(`the simulated agent failed: ${error.message}`));
  return {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), AGENT_STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
