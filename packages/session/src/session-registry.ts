/** What is active, by session: at most one each. */
export class SessionRegistry<H extends { readonly sessionId: string }> {
  readonly #active = new Map<string, H>();

  /** The active handle of a session. */
  get(sessionId: string): H | undefined {
    return this.#active.get(sessionId);
  }

  /** Takes the slot of a handle's session. */
  add(handle: H): void {
    this.#active.set(handle.sessionId, handle);
  }

  /** Frees the slot of a handle, unless another handle has taken it. */
  remove(handle: H): void {
    if (this.#active.get(handle.sessionId) === handle) this.#active.delete(handle.sessionId);
  }

  /** Every active handle, as of now. */
  all(): readonly H[] {
    return [...this.#active.values()];
  }
}
