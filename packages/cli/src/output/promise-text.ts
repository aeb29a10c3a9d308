import type { Capabilities } from '@watchkeeper/core';

/** One promise of a backend: what it is about, and what it says. */
export interface PromiseLine {
  readonly about: string;
  readonly text: string;
}

const APPENDS: Readonly<Record<Capabilities['openFileAppends'], string>> = {
  prompt: 'told at once, also while the file stays open',
  'on-close': 'told when the file is closed; a tail looks at its open file by itself',
  'next-poll': 'told at the next look, also while the file stays open',
};

const FOREIGN: Readonly<Record<Capabilities['foreignWrites'], string>> = {
  seen: 'seen',
  unseen: 'not told by the system; found when this place is compared with the disk',
  unknown: 'nobody can tell; what is not told is found when this place is compared with the disk',
};

const LOSS: Readonly<Record<Capabilities['loss'], string>> = {
  reported: 'told, and what it concerns is read again at once',
  silent:
    'not told by the system; the place is read again at once after a burst or a stall, and compared with the disk all the time',
};

/** What a backend promises at a place, in words; the compensation is core's. */
export function promiseLines(capabilities: Capabilities): readonly PromiseLine[] {
  const { typicalLatencyMs, worstLatencyMs } = capabilities;
  return [
    { about: 'latency', text: `${typicalLatencyMs} ms as a rule, ${worstLatencyMs} ms at worst` },
    { about: 'appends', text: APPENDS[capabilities.openFileAppends] },
    { about: 'writes from elsewhere', text: FOREIGN[capabilities.foreignWrites] },
    {
      about: 'lost events',
      text:
        capabilities.delivery === 'poll' ? 'there are no events to lose' : LOSS[capabilities.loss],
    },
  ];
}
