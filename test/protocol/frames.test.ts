import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameReader, encodeFrame, maximumFrameBytes } from '../../src/protocol/frames.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a frame reader', () => {
  it('gives back what was sent, however the stream was cut into chunks', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        objects,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 50 }),
        (messages, cuts) => {
          const sent = messages.map((message) => encodeFrame(message));
          const stream = Buffer.concat(sent.map((frame) => (frame.ok ? frame.value : bytes('lost'))));
          const reader = createFrameReader();
          const received: unknown[] = [];
          for (let offset = 0, turn = 0; offset < stream.length; turn += 1) {
            const next = offset + (cuts[turn % cuts.length] ?? 1);
            const frames = reader.push(stream.subarray(offset, next));
            if (!frames.ok) return false;
            received.push(...frames.value);
            offset = next;
          }
          expect(received).toEqual(JSON.parse(JSON.stringify(messages)));
          return true;
        },
      ),
    );
  });

  it('refuses a line that grows beyond the limit before its end is seen', () => {
    const reader = createFrameReader(100);
    expect(reader.push(bytes('x'.repeat(60))).ok).toBe(true);
    expect(reader.push(bytes('x'.repeat(60)))).toMatchObject({ ok: false, problem: { code: 'frame-oversized' } });
  });

  it('refuses what is not JSON and what is not UTF-8', () => {
    expect(createFrameReader().push(bytes('{"v":1\n'))).toMatchObject({ problem: { code: 'frame-malformed' } });
    expect(createFrameReader().push(Uint8Array.of(0x22, 0xff, 0x22, 0x0a))).toMatchObject({
      problem: { code: 'frame-malformed' },
    });
  });

  it('survives nesting that fills a whole frame', () => {
    const deep = createFrameReader().push(bytes(`${'['.repeat(maximumFrameBytes - 2)}\n`));
    expect(deep).toMatchObject({ ok: false, problem: { code: 'frame-malformed' } });
  });

  it('skips empty lines', () => {
    expect(createFrameReader().push(bytes('\n\r\n{"a":1}\n'))).toEqual({ ok: true, value: [{ a: 1 }] });
  });
});

describe('encodeFrame', () => {
  it('never makes a line that the other side would refuse', () => {
    expect(encodeFrame({ text: 'x'.repeat(maximumFrameBytes) })).toMatchObject({
      problem: { code: 'frame-oversized' },
    });
    const largest = encodeFrame({ t: 'x'.repeat(maximumFrameBytes - 9) });
    expect(largest.ok && createFrameReader().push(largest.value).ok).toBe(true);
  });
});
