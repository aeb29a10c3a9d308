/** A place in a list: just after this session. */
export interface ListPlace {
  /** When the session was active last, in milliseconds since the epoch; 0 when nothing tells. */
  readonly updatedMs: number;
  /** The session. */
  readonly id: string;
}

/** The text form of a place, opaque to callers. */
export function formatPlace(place: ListPlace): string {
  return `${place.updatedMs}.${Buffer.from(place.id).toString('base64url')}`;
}

/** Reads a place back. @throws TypeError when the text is not one. */
export function parsePlace(text: string): ListPlace {
  const match = /^(\d{1,16})\.([\w-]+)$/u.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new TypeError(
      `page.after: wanted the next of an earlier page, got ${JSON.stringify(text)}`,
    );
  }
  return { updatedMs: Number(match[1]), id: Buffer.from(match[2], 'base64url').toString() };
}
