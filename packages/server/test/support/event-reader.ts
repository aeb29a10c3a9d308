/** One block of a stream as the HTML standard reads it. */
export interface ReceivedFrame {
  readonly event: string;
  readonly id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly retry: number | null;
}

/** Reads server-sent events from a response: a small independent implementation of the format. */
export class EventReader {
  readonly comments: string[] = [];
  /** The id of the last whole block that had one. */
  lastId: string | null = null;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = '';

  constructor(response: Response) {
    if (response.body === null) throw new Error('the response has no body');
    this.#reader = response.body.getReader();
  }

  /** The next frame, or `null` at the end of the stream. */
  async next(): Promise<ReceivedFrame | null> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end === -1) {
        const { done, value } = await this.#reader.read();
        if (done) return null;
        this.#text += this.#decoder.decode(value, { stream: true });
        continue;
      }
      const frame = this.#parse(this.#text.slice(0, end));
      this.#text = this.#text.slice(end + 2);
      if (frame !== null) return frame;
    }
  }

  /** The next frame of a name; frames of other names are passed over. */
  async nextOf(event: string): Promise<ReceivedFrame> {
    for (;;) {
      const frame = await this.next();
      if (frame === null) throw new Error(`the stream ended before ${event}`);
      if (frame.event === event) return frame;
    }
  }

  /** Every frame to the end of the stream. */
  async rest(): Promise<readonly ReceivedFrame[]> {
    const frames: ReceivedFrame[] = [];
    for (let frame = await this.next(); frame !== null; frame = await this.next()) {
      frames.push(frame);
    }
    return frames;
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }

  #parse(block: string): ReceivedFrame | null {
    let event = 'message';
    let id: string | null = null;
    let retry: number | null = null;
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/su.exec(line) ?? [];
      if (field === '') this.comments.push(value);
      else if (field === 'event') event = value;
      else if (field === 'id') id = value;
      else if (field === 'retry') retry = Number(value);
      else if (field === 'data') data.push(value);
      else throw new Error(`unknown field ${field}`);
    }
    if (data.length === 0) return null;
    if (id !== null) this.lastId = id;
    return { event, id, retry, data: JSON.parse(data.join('\n')) };
  }
}

/** What a client that follows the contract holds: applies an item only if it is newer than what it has. */
export class Replica {
  readonly #rows = new Map<string, { readonly rev: number; readonly live: boolean }>();
  /** Items that were applied. */
  applied = 0;

  apply(frame: ReceivedFrame): void {
    for (const item of frame.data['items'] as readonly { t: string; key: string; rev: number }[]) {
      const held = this.#rows.get(item.key);
      if (held !== undefined && held.rev >= item.rev) continue;
      this.#rows.set(item.key, { rev: item.rev, live: item.t === 'put' });
      this.applied += 1;
    }
  }

  /** Key to revision, as `MemorySessions.rows` gives it. */
  get rows(): ReadonlyMap<string, number> {
    const live = [...this.#rows].filter(([, row]) => row.live);
    return new Map(live.map(([key, { rev }]) => [key, rev]));
  }
}
