/** How much worse it must get to be told again. */
export const TOLD_AGAIN = 2;

/** How far below its limit it must fall to be news the next time: figures that are measured waver. */
export const RECOVERED = 0.8;

/** Decides when a figure above its limit is news: once, again when it has become much worse, and anew after it was well. */
export class RaisedLevel {
  #told = 0;

  /** Takes in the figure as a multiple of its limit; `true` when it is to be told. */
  isNews(level: number): boolean {
    if (level <= RECOVERED) this.#told = 0;
    if (level <= 1 || (this.#told > 0 && level < this.#told * TOLD_AGAIN)) return false;
    this.#told = level;
    return true;
  }
}
