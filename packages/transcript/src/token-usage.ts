/** What one response cost in tokens, as far as it had come when the record was written. */
export interface TokenUsage {
  /** Tokens read, cached ones not included. */
  readonly inputTokens: number;
  /** Tokens written. Grows over the records of one response. */
  readonly outputTokens: number;
  /** Tokens put into the cache, in total. */
  readonly cacheCreationTokens: number;
  /** Of these, kept for five minutes; 0 when the record does not tell. */
  readonly cacheCreation5mTokens: number;
  /** Of these, kept for one hour; 0 when the record does not tell. */
  readonly cacheCreation1hTokens: number;
  /** Tokens read from the cache. */
  readonly cacheReadTokens: number;
  /** Searches the server ran. */
  readonly webSearchRequests: number;
  /** Fetches the server ran. */
  readonly webFetchRequests: number;
  /** The vendor's service tier, or `null`. */
  readonly serviceTier: string | null;
}
