const encoder = new TextEncoder();

/** Shortest token, in characters: shorter ones can be guessed over a local network. */
export const TOKEN_MIN_LENGTH = 16;

/** A secret that requests must carry in their `Authorization` header; never in a URL, which logs keep. */
export class BearerToken {
  readonly #digest: Promise<Uint8Array>;

  /** @throws TypeError when the token is too short or holds what a header cannot. */
  constructor(token: string) {
    if (token.length < TOKEN_MIN_LENGTH || !/^[\x21-\x7e]+$/.test(token)) {
      throw new TypeError(
        `token: wanted at least ${TOKEN_MIN_LENGTH} printable ASCII characters without spaces, ` +
          `got ${token.length} characters`,
      );
    }
    this.#digest = digest(token);
  }

  /** Tells whether a request carries the token, in a time that does not depend on how much of it is right. */
  async admits(headers: Headers): Promise<boolean> {
    const given = /^bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    if (given === undefined) return false;
    const [wanted, got] = await Promise.all([this.#digest, digest(given)]);
    return (
      wanted.reduce((difference, byte, index) => difference | (byte ^ (got[index] ?? 0)), 0) === 0
    );
  }
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)));
}
