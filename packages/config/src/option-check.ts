/** What came, in a few words. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** A `TypeError` that names the option, what was wanted and what came. */
export function refusal(option: string, wanted: string, value: unknown): TypeError {
  return new TypeError(`${option}: wanted ${wanted}, got ${describeValue(value)}`);
}

/** Throws a `TypeError` unless the value is an object. */
export function requireObject(option: string, value: unknown): asserts value is object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw refusal(option, 'an object', value);
}

/**
 * Throws a `TypeError` unless the value is an object that holds nothing but known keys: a misspelt
 * option would be ignored silently.
 */
export function requireKnownKeys(
  option: string,
  value: unknown,
  known: readonly string[],
): asserts value is object {
  requireObject(option, value);
  const stranger = Object.keys(value).find((key) => !known.includes(key));
  if (stranger === undefined) return;
  throw new TypeError(
    `${option}.${stranger}: wanted one of ${known.join(', ')}, got an unknown option`,
  );
}

/** Throws a `TypeError` unless the value is left out or `true` or `false`. */
export function requireFlag(option: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw refusal(option, 'true or false', value);
}

/** Throws a `TypeError` unless the value is left out or a function. */
export function requireFunction(option: string, value: unknown): void {
  if (value === undefined || typeof value === 'function') return;
  throw refusal(option, 'a function', value);
}

/** Throws a `TypeError` unless the value is left out or an object, a class instance too, with these methods. */
export function requireMethods(option: string, value: unknown, methods: readonly string[]): void {
  if (value === undefined) return;
  requireObject(option, value);
  for (const method of methods) {
    const held: unknown = Reflect.get(value, method);
    if (typeof held !== 'function') throw refusal(`${option}.${method}`, 'a function', held);
  }
}

/** Throws a `TypeError` unless the value is left out or an `AbortSignal`. */
export function requireSignal(option: string, value: unknown): void {
  if (value === undefined || value instanceof AbortSignal) return;
  throw refusal(option, 'an AbortSignal', value);
}
