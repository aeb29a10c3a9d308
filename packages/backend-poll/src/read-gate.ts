/** Threads of Node's pool for file system calls unless `UV_THREADPOOL_SIZE` says otherwise. */
export const POOL_THREADS = 4;

/** Reads at once on one device, while it answers: what a round trip costs is worth a second one, never the whole pool. */
export const READS_PER_DEVICE = 2;

/** How recent the last answer of a device must be for a second read at once: longer than a round trip to any server in use. */
export const ANSWERING_MS = 250;

/** Reads at once altogether: every thread of the pool but one, which stays free for the rest of the process. */
export function readsAtOnce(poolSize: string | undefined): number {
  const threads = Number.parseInt(poolSize ?? '', 10);
  return Math.max(1, (Number.isNaN(threads) ? POOL_THREADS : threads) - 1);
}

interface Device {
  guests: number;
  running: number;
  answeredAt: number;
}

/** Whose reads go through the gate. */
export interface Guest {
  /** The device they lie on; one that was joined. */
  readonly device: string;
  /** Monotonic time in milliseconds. */
  readonly now: number;
}

interface Ticket {
  readonly guest: Guest;
  readonly settle: (admitted: boolean) => void;
}

/**
 * Bounds the asynchronous reads of a backend, per device and altogether. A read on a dead server never
 * comes back and holds its thread, so a device that has not answered lately gets one read at a time, and
 * no device ever gets the share of all the others.
 */
export class ReadGate {
  readonly #limit: number;
  readonly #devices = new Map<string, Device>();
  #waiting: readonly Ticket[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts a guest to a device. */
  join(device: string): void {
    const known = this.#devices.get(device);
    if (known !== undefined) known.guests += 1;
    else this.#devices.set(device, { guests: 1, running: 0, answeredAt: Number.NEGATIVE_INFINITY });
  }

  /** Counts a guest to its device no more. */
  leave(device: string): void {
    const known = this.#devices.get(device);
    if (known === undefined) return;
    known.guests -= 1;
    this.#forget(device, known);
  }

  /** Waits for room; `false` when the guest was expelled meanwhile. */
  enter(guest: Guest): Promise<boolean> {
    return new Promise((settle) => {
      this.#waiting = [...this.#waiting, { guest, settle }];
      this.#admit();
    });
  }

  /** Gives room back. */
  exit(device: string, now: number): void {
    this.#running -= 1;
    const known = this.#devices.get(device);
    if (known !== undefined) {
      known.running -= 1;
      known.answeredAt = now;
      this.#forget(device, known);
    }
    this.#admit();
  }

  /** Turns away what waits of a guest. */
  expel(guest: Guest): void {
    const [expelled, others] = [[] as Ticket[], [] as Ticket[]];
    for (const ticket of this.#waiting) (ticket.guest === guest ? expelled : others).push(ticket);
    this.#waiting = others;
    for (const { settle } of expelled) settle(false);
  }

  #admit(): void {
    // In order of arrival among those whose device has room, so that nobody waits for a dead one.
    this.#waiting = this.#waiting.filter(({ guest, settle }) => {
      const device = this.#devices.get(guest.device);
      if (device === undefined || this.#running >= this.#limit || !hasRoom(device, guest.now)) {
        return true;
      }
      device.running += 1;
      this.#running += 1;
      settle(true);
      return false;
    });
  }

  #forget(name: string, device: Device): void {
    if (device.guests === 0 && device.running === 0) this.#devices.delete(name);
  }
}

function hasRoom(device: Device, now: number): boolean {
  if (device.running === 0) return true;
  return device.running < READS_PER_DEVICE && now - device.answeredAt < ANSWERING_MS;
}
