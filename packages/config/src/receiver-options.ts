import {
  refusal,
  requireFlag,
  requireFunction,
  requireKnownKeys,
  requireSignal,
} from './option-check.ts';
import type { SessionOptions } from './session.ts';
import type { SubscribeOptions } from './subscription.ts';

const SESSION_KEYS: Readonly<Record<keyof SessionOptions<unknown>, true>> = {
  id: true,
  signal: true,
  select: true,
  equals: true,
  apply: true,
};

const SUBSCRIBE_KEYS: Readonly<Record<keyof SubscribeOptions<unknown>, true>> = {
  signal: true,
  immediate: true,
  equals: true,
};

/** Throws a `TypeError` unless a session can be opened with these options. */
export function requireSession<T, V>(options: SessionOptions<T, V>): void {
  requireKnownKeys('session', options, Object.keys(SESSION_KEYS));
  if (typeof options.id !== 'string' || options.id === '') {
    throw refusal('session.id', 'a name', options.id);
  }
  if (typeof options.apply !== 'function') {
    throw refusal('session.apply', 'a function', options.apply);
  }
  requireFunction('session.select', options.select);
  requireFunction('session.equals', options.equals);
  requireSignal('session.signal', options.signal);
}

/** Throws a `TypeError` unless a subscription can be opened with these options. */
export function requireSubscribe<V>(options: SubscribeOptions<V>): void {
  requireKnownKeys('options', options, Object.keys(SUBSCRIBE_KEYS));
  requireFlag('immediate', options.immediate);
  requireFunction('equals', options.equals);
  requireSignal('signal', options.signal);
}
