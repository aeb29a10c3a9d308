/** An object that is only a bag of keys; class instances, dates and maps are handed on whole. */
export type PlainObject = Readonly<Record<string, unknown>>;

/** Whether a value is a {@link PlainObject}, also one without a prototype or from another realm. */
export function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    prototype === Object.prototype ||
    Object.getPrototypeOf(prototype) === null
  );
}
