import type { Clock } from '@watchkeeper/core';

import { DescriptorPool } from './descriptor-pool.ts';
import { Heartbeats } from './heartbeat.ts';
import { TurnQueue } from './turn-queue.ts';

/** What all tails on one clock share. */
export interface Engine {
  readonly turns: TurnQueue;
  readonly heartbeats: Heartbeats;
  readonly pool: DescriptorPool;
}

const engines = new WeakMap<Clock, Engine>();

/** The engine of a clock; made when its first tail begins. It holds nothing while no tail is open. */
export function engineOf(clock: Clock): Engine {
  const known = engines.get(clock);
  if (known !== undefined) return known;
  const engine = {
    turns: new TurnQueue(clock),
    heartbeats: new Heartbeats(clock),
    pool: new DescriptorPool(),
  };
  engines.set(clock, engine);
  return engine;
}
