/** What a path asks for. */
export type Route =
  | { readonly name: 'health' }
  | { readonly name: 'sessions' }
  | { readonly name: 'session'; readonly id: string }
  | { readonly name: 'messages'; readonly id: string }
  | { readonly name: 'message'; readonly id: string; readonly seq: number }
  | { readonly name: 'watch'; readonly id: string }
  | { readonly name: 'events' }
  /** The path has the right form, and a session id that cannot be one. */
  | { readonly name: 'bad-id' }
  | { readonly name: 'unknown' }
  /** Not part of the API. */
  | { readonly name: 'page' };

/** Longest session id, in characters: that of a file name. */
const MAX_ID_LENGTH = 255;

/** Decides what a path of a parsed URL asks for. Ids are looked up, never joined to a path; what could be one is refused all the same. */
export function parseRoute(pathname: string): Route {
  const segments = pathname.split('/').slice(1);
  if (segments[0] !== 'api') return { name: 'page' };
  const [, version, noun = '', rawId, verb, rest, ...tooMany] = segments;
  if (version !== 'v1' || tooMany.length > 0) return { name: 'unknown' };
  if (rawId === undefined) return collection(noun);
  if (noun !== 'sessions') return { name: 'unknown' };
  const id = decodeId(rawId);
  if (id === null) return { name: 'bad-id' };
  if (verb === undefined) return { name: 'session', id };
  if (verb === 'watch' && rest === undefined) return { name: 'watch', id };
  if (verb === 'messages' && rest === undefined) return { name: 'messages', id };
  if (verb === 'messages' && rest !== undefined && /^\d{1,15}$/.test(rest)) {
    return { name: 'message', id, seq: Number(rest) };
  }
  return { name: 'unknown' };
}

function collection(noun: string): Route {
  switch (noun) {
    case 'health':
    case 'sessions':
    case 'events':
      return { name: noun };
    default:
      return { name: 'unknown' };
  }
}

function decodeId(text: string): string | null {
  let id: string;
  try {
    id = decodeURIComponent(text);
  } catch (error) {
    // A broken percent sequence is a bad request, not a failure of the server.
    if (error instanceof URIError) return null;
    throw error;
  }
  const isName = id !== '' && id !== '.' && id !== '..' && id.length <= MAX_ID_LENGTH;
  return isName && !/[/\\\p{Cc}\p{Cs}]/u.test(id) ? id : null;
}
