import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  abandonClassicStream,
  type ClassicItem,
  createClassicStream,
  hasBegun,
  readClassicStream,
} from '../../../src/core/transport/classic-stream.ts';
import { messageOf } from '../../../src/core/transport/message.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const hello = '>>>\nt=hello\nwords=good morning\n<<<\n';
const helloItem: ClassicItem = { kind: 'message', message: messageOf('hello', { words: 'good morning' }) };

function read(...chunks: readonly string[]): ClassicItem[] {
  const stream = createClassicStream();
  return chunks.flatMap((chunk) => readClassicStream(stream, bytesOf(chunk)));
}
const brief = (items: readonly ClassicItem[]): string[] =>
  items.map((item) => (item.kind === 'message' ? 'message' : `${item.reason} ${item.bytes}`));

describe('messages out of what scripts write', () => {
  it('are read one after another, however the bytes are cut', () => {
    expect(read(hello + hello)).toEqual([helloItem, helloItem]);
    expect(read(...hello, ...hello)).toEqual([helloItem, helloItem]);
  });

  it.each<[string, string, string[]]>([
    ['a new beginning', `>>>\nt=half\n${hello}`, ['unfinished 11', 'message']],
    ['text outside', `oops\n${hello}more\n`, ['outside 4', 'message', 'outside 4']],
    ['a lone end', `<<<\n${hello}`, ['outside 3', 'message']],
    ['a line that is no field', `>>>\nt=x\nnonsense\n<<<\n${hello}`, ['malformed 21', 'message']],
    ['an empty message', `>>>\n<<<\n${hello}`, ['malformed 8', 'message']],
    ['two writers in each other', `>>>\nt=he>>>\nt=x\n<<<\nllo\n<<<\n${hello}`, ['message', 'outside 6', 'message']],
    ['a line without end', `>>>\nt=${'x'.repeat(20_000)}\n<<<\n${hello}`, ['endless 12289', 'outside 7720', 'message']],
    ['too many lines', `>>>\n${'a=1\n'.repeat(5000)}<<<\n${hello}`, ['endless', 'outside', 'message']],
    ['a zero byte', `>>>\nt=x\0\n<<<\n${hello}`, ['malformed 13', 'message']],
  ])('come through after %s', (_what, text, expected) => {
    const items = brief(read(text));
    expect(items.map((word, index) => (/\d/.test(expected[index] ?? '') ? word : word.split(' ')[0]))).toEqual(
      expected,
    );
  });

  it('whose writer has died are given up, and the next one counts', () => {
    const stream = createClassicStream();
    expect(readClassicStream(stream, bytesOf('>>>\nt=ha'))).toEqual([]);
    expect(hasBegun(stream)).toBe(true);
    expect(brief(abandonClassicStream(stream))).toEqual(['silent 8']);
    expect(hasBegun(stream)).toBe(false);
    expect(readClassicStream(stream, bytesOf(hello))).toEqual([helloItem]);
  });

  it('after any bytes at all, in any pieces: nothing thrown, nothing hoarded, in step at the next beginning', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('>>>\n', '<<<\n', 't=x\n', '\n', '>>>', 'a', hello).map(bytesOf),
    );
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 40 }), (chunks) => {
        const stream = createClassicStream();
        for (const chunk of chunks) readClassicStream(stream, chunk);
        expect(stream.line.length + (stream.frame?.length ?? 0)).toBeLessThan(20_000);
        // The newline ends whatever line was open.
        const items = readClassicStream(stream, bytesOf(`\n${hello}`));
        expect(items.at(-1)).toEqual(helloItem);
      }),
    );
  });
});
