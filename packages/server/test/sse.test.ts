import { expect, it } from 'vitest';

import { encodeFrame } from '../src/sse.ts';

const decoder = new TextDecoder();

it('writes a frame as one block of fields', () => {
  const frame = { event: 'heartbeat', id: 'e1.1.*', data: { at: 1, rev: 1 } } as const;
  expect(decoder.decode(encodeFrame(frame, 1499.6))).toBe(
    'retry: 1500\nevent: heartbeat\nid: e1.1.*\ndata: {"at":1,"rev":1}\n\n',
  );
});

it('leaves out the id of a frame that does not move the cursor', () => {
  const frame = { event: 'bye', id: null, data: { retryMs: 2 } } as const;
  expect(decoder.decode(encodeFrame(frame))).toBe('event: bye\ndata: {"retryMs":2}\n\n');
});

it.each(['\n\nevent: x\ndata: y', '\r\n\r\nid: forged', '\u2028\u2029', '\0', '\ud800', ': hb'])(
  'keeps %j inside the data of one frame',
  (text) => {
    const data = { sessionId: text, bytesBehind: 0, sinceMs: 0, attempt: 1, error: text };
    const block = decoder.decode(encodeFrame({ event: 'lag', id: null, data }));
    expect(block.split(/\r\n|\r|\n/)).toHaveLength(4);
    const line = block.split('\n')[1] ?? '';
    expect(JSON.parse(line.slice('data: '.length))).toEqual(data);
  },
);
