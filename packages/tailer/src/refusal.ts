import { inspect } from 'node:util';

/** Keeps a value that was given by mistake, such as the content of a file, from filling the message. */
const SHOWN = { depth: 0, maxStringLength: 80, maxArrayLength: 3, breakLength: Infinity } as const;

/** The error for an argument that is not what it must be: names it, what was wanted and what came. */
export function refusal(name: string, wanted: string, value: unknown): TypeError {
  // Code of the value itself, such as its own inspect function, is not run.
  return new TypeError(
    `${name} must be ${wanted}, got ${inspect(value, { ...SHOWN, customInspect: false })}`,
  );
}
