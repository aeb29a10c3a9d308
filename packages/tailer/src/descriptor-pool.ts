/** A tail that holds a descriptor. */
export interface DescriptorHolder {
  /** Whether the descriptor can be given up now and opened again later without losing anything. */
  readonly parkable: boolean;
  /** Closes the descriptor. */
  park(): void;
}

/**
 * Descriptors that tails keep open, process-wide. An open one lets a rotated file be read to its end; this many leave
 * three quarters of the usual soft limit of 1024 to the program.
 */
export const MAX_OPEN_DESCRIPTORS = 256;

/** Bounds the open descriptors: the least recently used one is closed for a new one. */
export class DescriptorPool {
  readonly #limit: number;
  /** In order of use, the latest last. */
  readonly #holders = new Set<DescriptorHolder>();
  #latest: DescriptorHolder | null = null;

  constructor(limit: number = MAX_OPEN_DESCRIPTORS) {
    this.#limit = limit;
  }

  /** Descriptors that are open. */
  get size(): number {
    return this.#holders.size;
  }

  /** Marks a holder as the latest one, and closes another descriptor if there are too many. */
  use(holder: DescriptorHolder): void {
    if (this.#latest === holder) return;
    this.#holders.delete(holder);
    this.#holders.add(holder);
    this.#latest = holder;
    if (this.#holders.size > this.#limit) this.makeRoom(holder);
  }

  /** Tells that a holder has closed its descriptor. */
  drop(holder: DescriptorHolder): void {
    this.#holders.delete(holder);
    if (this.#latest === holder) this.#latest = null;
  }

  /** Closes the least recently used descriptor that can be closed, other than that of `except`. Returns whether there was one. */
  makeRoom(except: DescriptorHolder): boolean {
    for (const holder of this.#holders) {
      if (holder === except || !holder.parkable) continue;
      this.#holders.delete(holder);
      holder.park();
      return true;
    }
    return false;
  }
}
