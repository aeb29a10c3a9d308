/** Puts colour on a text, or leaves it as it is. */
export type Paint = (text: string) => string;

/** The colours of the output. */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/** Colours for a terminal, or none. */
export function createPalette(colors: boolean): Palette {
  const paint =
    (open: number, close: number): Paint =>
    (text) =>
      colors && text !== '' ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}
