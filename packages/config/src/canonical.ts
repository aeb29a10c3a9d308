import { createHash } from 'node:crypto';
import { isPlainObject } from './plain.ts';

function write(value: unknown, open: Set<object>): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
  }
  if (open.has(value)) return '<cycle>';
  open.add(value);
  const text = writeObject(value, open);
  open.delete(value);
  return text;
}

function writeObject(value: object, open: Set<object>): string {
  if (Array.isArray(value)) return `[${value.map((item) => write(item, open)).join(',')}]`;
  if (isPlainObject(value)) {
    const entries = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${write(value[key], open)}`);
    return `{${entries.join(',')}}`;
  }
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (value instanceof Map) return `Map(${write([...value.entries()], open)})`;
  if (value instanceof Set) return `Set(${write([...value], open)})`;
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return `Bytes(${Buffer.from(bytes).toString('hex')})`;
  }
  if (value instanceof RegExp || value instanceof URL)
    return `${value.constructor.name}(${value.toString()})`;
  // Another class: only its own enumerable properties can be compared.
  return `${value.constructor.name}${write({ ...value }, open)}`;
}

/** SHA-256, in hex, of a value with its keys in order: equal values have equal hashes. */
export function canonicalHash(value: unknown): string {
  return createHash('sha256').update(write(value, new Set())).digest('hex');
}

/** SHA-256, in hex, of bytes. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
