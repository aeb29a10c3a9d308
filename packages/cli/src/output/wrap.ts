/** Narrower than this, in characters, nothing can be laid out: what is longer is left to the terminal. */
const LEAST_WIDTH = 12;

/** How text is wrapped. */
export interface WrapOptions {
  /** Characters of the first line, when something stands before it. @defaultValue the width of the others */
  readonly first?: number;
  /** Whether a word that is longer than a line is broken; one that is to be copied is not. @defaultValue `true` */
  readonly breakWords?: boolean;
}

/** Lines of at most `width` characters, broken between words; long words such as paths after a `/` if they can be. */
export function wrap(text: string, width: number, options: WrapOptions = {}): readonly string[] {
  const { first = width, breakWords = true } = options;
  const lines: string[] = [];
  const room = (): number => Math.max(LEAST_WIDTH, lines.length === 0 ? first : width);
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= room()) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    if (!breakWords) continue;
    while (line.length > room()) {
      const end = breakingPoint(line, room());
      lines.push(line.slice(0, end));
      line = line.slice(end);
    }
  }
  return [...lines, line];
}

/** Where a long word is broken: after its last `/` that fits, or at the edge. */
function breakingPoint(word: string, room: number): number {
  const slash = word.lastIndexOf('/', room - 1) + 1;
  return slash > room / 2 ? slash : edge(word, room);
}

/** The edge, moved so that no character of two code units is torn apart. */
function edge(word: string, room: number): number {
  return (word.codePointAt(room - 1) ?? 0) > 0xffff ? room - 1 : room;
}

/** What a shell runs. */
const COMMAND = /^(run: )?(sudo|echo|docker|ulimit|npm) /;

/**
 * One step of a remedy as lines. A command stays one: its lines end as a shell wants them to, its
 * comment follows on lines of its own, and no word is broken.
 */
export function wrapStep(step: string, width: number): readonly string[] {
  if (step.length <= width) return [step];
  if (!COMMAND.test(step)) return wrap(step, width, { breakWords: false });
  const [, command = step, comment] = /^(.*?)(?: +# (.*))?$/.exec(step) ?? [];
  const parts = wrap(command, command.length <= width ? width : width - ' \\'.length, {
    breakWords: false,
  });
  const lines = parts.map((part, index) => (index < parts.length - 1 ? `${part} \\` : part));
  if (comment === undefined) return lines;
  const notes = wrap(comment, width - '# '.length, { breakWords: false });
  return [...lines, ...notes.map((note) => `# ${note}`)];
}
