import type { WatchError } from './errors.ts';
import type { NamesScope } from './names-scope.ts';

/** A name that another scope of its directory is to serve. */
export interface Move {
  readonly name: string;
  readonly from: NamesScope;
  readonly to: NamesScope;
}

/** Which names move to other scopes because other backends are wanted for them than for their neighbours. */
export class Regrouping {
  readonly #moves: Move[] = [];
  readonly #opening: Promise<WatchError | null>[] = [];

  /** Moves a name to a scope that is open. */
  add(move: Move): void {
    this.#moves.push(move);
  }

  /** Moves a name to a scope that is to be opened for it. */
  open(move: Move): void {
    move.to.expect(move.name);
    this.#opening.push(move.to.open());
    this.add(move);
  }

  /** Resolves when every scope that was opened is live, or cannot be for now; gives the first reason why not. */
  async opened(): Promise<WatchError | null> {
    const errors = await Promise.all(this.#opening);
    return errors.find((error) => error !== null) ?? null;
  }

  /** Moves names to scopes that can serve them; the others stay where they are. */
  finish(): void {
    for (const { name, from, to } of this.#moves) if (to.subscribed) from.displace(name);
    // Those whom nobody has come to, because they cannot serve or all who were to come have left.
    for (const { to } of this.#moves) if (to.size === 0 && !(to.slow && to.subscribed)) to.close();
  }
}
