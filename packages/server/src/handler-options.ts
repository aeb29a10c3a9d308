import { type Clock, systemClock } from '@watchkeeper/core';
import type { SessionStore } from '@watchkeeper/session';

import { BearerToken } from './bearer-token.ts';
import type { HostPolicy } from './hosts.ts';
import type { MonitorSource } from './monitor-source.ts';
import { KEEPALIVE_MS } from './stream-body.ts';
import { MAX_STREAM_AGE_MS, MAX_STREAMS } from './stream-registry.ts';
import { HEARTBEAT_MS } from './watch-frames.ts';

/** What of a session store the handler reads; it never writes. */
export type HandlerStore = Pick<SessionStore, 'get' | 'list' | 'versions' | 'changes' | 'window'>;

/** Options of `createHandler`. */
export interface HandlerOptions {
  /** Where the sessions are. */
  readonly store: HandlerStore;
  /** Tells when they change. */
  readonly monitor: MonitorSource;
  /**
   * Answers what is not below `/api`: an app's page. `null` is a 404. Its answers get the same
   * security headers, and a strict content security policy unless they bring one. GET and HEAD need
   * no token, since a browser cannot send one for a page: keep session data out of them.
   */
  readonly assets?: (request: Request) => Promise<Response | null>;
  /**
   * The `Host` headers that are answered, each with its port (`watch.example.org:443`). `serve` adds
   * the address it listens on. @defaultValue loopback names, with the port of `serve` where there is one
   */
  readonly hosts?: readonly string[];
  /** Clients must send `Authorization: Bearer <token>`; at least 16 printable characters. @defaultValue none */
  readonly token?: string;
  /** Most streams at one time, an integer of 1 or more; the next gets a 429. @defaultValue `200` */
  readonly maxStreams?: number;
  /** A stream is ended with `bye` after this time and resumed by its client, in milliseconds, above 0. @defaultValue one hour */
  readonly maxStreamAgeMs?: number;
  /** Silence after which a comment is sent, in milliseconds, above 0. @defaultValue `15000` */
  readonly keepaliveMs?: number;
  /** What clients are told about heartbeats, in milliseconds, above 0: the monitor's poll time times its ticks per heartbeat. @defaultValue `30000` */
  readonly heartbeatMs?: number;
  /** Time. @defaultValue the system clock */
  readonly clock?: Clock;
  /** Random numbers from 0 to below 1, to spread reconnects. @defaultValue `Math.random` */
  readonly random?: () => number;
  /** Whether what was there at the start is in the store, asked at each `GET /api/v1/health`: lists are not whole before. @defaultValue always `true` */
  readonly synced?: () => boolean;
  /** Receives what failed behind an answer: a 500, or a stream that ended with `bye`. Must not throw. @defaultValue ignored; the client is told in any case */
  readonly onError?: (error: unknown) => void;
}

/** The checked options of a handler. */
export interface HandlerSettings {
  readonly token: BearerToken | null;
  readonly hosts: HostPolicy;
  readonly maxStreams: number;
  readonly maxStreamAgeMs: number;
  readonly keepaliveMs: number;
  readonly heartbeatMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly synced: () => boolean;
  readonly onError: (error: unknown) => void;
}

/** Checks options and fills in defaults. @throws TypeError naming the option. */
export function handlerSettings(options: HandlerOptions): HandlerSettings {
  const maxStreams = positive('maxStreams', options.maxStreams, MAX_STREAMS);
  if (!Number.isInteger(maxStreams)) {
    throw new TypeError(`maxStreams: wanted an integer, got ${maxStreams}`);
  }
  return {
    token: options.token === undefined ? null : new BearerToken(options.token),
    hosts: options.hosts === undefined ? null : options.hosts.map(checkedHost),
    maxStreams,
    maxStreamAgeMs: positive('maxStreamAgeMs', options.maxStreamAgeMs, MAX_STREAM_AGE_MS),
    keepaliveMs: positive('keepaliveMs', options.keepaliveMs, KEEPALIVE_MS),
    heartbeatMs: positive('heartbeatMs', options.heartbeatMs, HEARTBEAT_MS),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    synced: options.synced ?? (() => true),
    onError: options.onError ?? (() => undefined),
  };
}

function positive(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (Number.isFinite(value) && value > 0) return value;
  throw new TypeError(`${name}: wanted a number above 0, got ${value}`);
}

/** @throws TypeError when a host is not a name with a port. */
export function checkedHost(host: string): string {
  if (/^[^\s/@]+:\d{1,5}$/.test(host)) return host;
  throw new TypeError(
    `hosts: wanted names with a port such as localhost:4700, got ${JSON.stringify(host)}`,
  );
}
