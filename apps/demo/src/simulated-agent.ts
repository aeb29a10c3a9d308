import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Time a simulated agent gets to finish its line before it is killed, in milliseconds. */
export const AGENT_STOP_MS = 2000;

/** A running simulated agent. */
export interface SimulatedAgent {
  /** Lets it finish the line it writes, and waits until the process has ended. */
  stop(): Promise<void>;
}

/** Starts a simulated agent in a process of its own that writes below `root`. */
export function startSimulatedAgent(root: string, speed: number): SimulatedAgent {
  const child = fork(
    join(import.meta.dirname, 'agent', 'main.ts'),
    ['--root', root, '--seed', String(Date.now() % 1_000_000), '--speed', String(speed)],
    // A group of its own: Ctrl-C reaches the demo alone, which then stops the agent in order.
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: process.platform !== 'win32' },
  );
  const ended = once(child, 'exit');
  child.on('error', (error) => {
    process.stderr.write(`the simulated agent could not start: ${error.message}\n`);
  });
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
