import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../../../src/core/cib/store/difference.ts';
import { decodeVersionFile, type Entry, encodeVersionFile, tidyName } from '../../../../src/core/cib/store/entry.ts';
import { addPart, assemble, beginReassembly, cutPart, partBytes } from '../../../../src/core/cib/store/parts.ts';
import { nodeSha256 } from '../../../../src/io/configuration-store.ts';
import { cib } from './pair.ts';

const encoder = new TextEncoder();

function file(document: string, more: Partial<Entry> = {}): Uint8Array {
  const bytes = encoder.encode(document);
  const entry: Entry = {
    version: { adminEpoch: 0, epoch: 18, numUpdates: 0 },
    digest: nodeSha256(bytes),
    parent: '',
    who: 'root',
    when: 'noon',
    tool: 'crm',
    node: 'alpha',
    difference: [],
    ...more,
  };
  return encodeVersionFile({ document: bytes, entry }, nodeSha256);
}

describe('a version file', () => {
  it('is the document with one comment behind it that is allowed in XML', () => {
    const text = new TextDecoder().decode(
      file(cib('<a/>'), { tool: 'crm -- x --- y-', difference: ['- <a b="--"/>'] }),
    );
    expect(text.startsWith(cib('<a/>'))).toBe(true);
    const comment = text.slice(cib('<a/>').length);
    expect(comment).toMatch(/^\n<!-- pairbeat \{[^\n]*\} [0-9a-f]{32} -->\n$/);
    expect(comment.slice(5, -4)).not.toMatch(/--/);
  });

  it.each([
    '',
    'plain',
    '-->',
    '--',
    '---',
    'a-',
    'ä€😀',
    '\ud800',
    '<!-- pairbeat {} -->',
    'x\n<!-- pairbeat ',
    '"\\"',
    '\u0001',
  ])('gives back what was put in: %j', (text) => {
    const document = cib(text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|\u0001/g, '?'));
    const read = decodeVersionFile(file(document, { who: tidyName(text), difference: [tidyName(text)] }), nodeSha256);
    expect(new TextDecoder().decode(read?.document)).toBe(document);
    expect(read?.entry).toMatchObject({ who: tidyName(text), difference: [tidyName(text)] });
  });

  it('does not verify with any bit of it changed, or any of it missing', () => {
    const whole = file(cib('<a/>'));
    for (let at = 0; at < whole.length; at++) {
      const changed = whole.slice();
      changed[at]! ^= 1 << (at % 8);
      expect(decodeVersionFile(changed, nodeSha256), `byte ${at}`).toBe(undefined);
      expect(decodeVersionFile(whole.subarray(0, at), nodeSha256), `up to ${at}`).toBe(undefined);
    }
    expect(decodeVersionFile(whole, nodeSha256)).toBeDefined();
  });
});

describe('the difference', () => {
  it('has lines that went and came, not those that moved, nor the version', () => {
    expect(differenceOf(cib('<a/>\n<b/>\n<c/>', ' epoch="1"'), cib('<c/>\n<a/>\n<d/>\n<d/>', ' epoch="2"'))).toEqual([
      '- <b/>',
      '+ <d/>',
      '+ <d/>',
    ]);
  });

  it('is that of a plain comparison of all lines, whatever both begin and end with', () => {
    const line = fc.constantFrom('a', 'ab', 'b', 'ba', '');
    const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const plain = [
          ...missingIn(after, before).map((one) => `- ${one}`),
          ...missingIn(before, after).map((one) => `+ ${one}`),
        ];
        expect([...differenceOf(before, after)].sort()).toEqual(plain.sort());
      }),
    );
  });

  it('is bounded and says so', () => {
    const many = Array.from({ length: 100 }, (_, number) => `<a n="${number}" x="${'y'.repeat(500)}"/>`).join('\n');
    const lines = differenceOf(cib(''), cib(many));
    expect(lines).toHaveLength(40);
    expect(lines.at(-1)).toBe('... and 61 more lines');
    expect(Math.max(...lines.map((line) => line.length))).toBe(200);
  });
});

/** Lines of `text` that `other` has not, each as often as it is missing. */
function missingIn(other: string, text: string): readonly string[] {
  const left = other.split('\n');
  return text.split('\n').filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0 && line !== '';
  });
}

describe('the parts of a file', () => {
  const whole = Uint8Array.from({ length: 2 * partBytes + 100 }, (_, at) => at % 251);
  const name = nodeSha256(whole);

  it('make it whole in any order, and each once', () => {
    const reassembly = beginReassembly(name, whole.length)!;
    const taken = [3, 1, 1, 2, 3].map((number) => addPart(reassembly, cutPart(whole, number, nodeSha256), nodeSha256));
    expect(taken).toEqual([true, true, false, true, false]);
    expect(Buffer.compare(assemble(reassembly, nodeSha256)!, whole)).toBe(0);
  });

  it('are not taken when spoilt, too long, too short, or of no such number', () => {
    const reassembly = beginReassembly(name, whole.length)!;
    const part = cutPart(whole, 1, nodeSha256);
    const spoilt = part.bytes.slice();
    spoilt[7]! ^= 1;
    const short = part.bytes.slice(1);
    for (const bad of [
      { ...part, bytes: spoilt },
      { ...part, bytes: short, sum: nodeSha256(short).slice(0, 16) },
      { ...part, number: 4 },
      { ...part, number: 0 },
      { ...part, number: 3 },
    ])
      expect(addPart(reassembly, bad, nodeSha256)).toBe(false);
    expect(assemble(reassembly, nodeSha256)).toBe(undefined);
  });

  it('that make another file than was promised make none', () => {
    const reassembly = beginReassembly('0'.repeat(64), whole.length)!;
    for (const number of [1, 2, 3]) addPart(reassembly, cutPart(whole, number, nodeSha256), nodeSha256);
    expect(assemble(reassembly, nodeSha256)).toBe(undefined);
  });

  it.each([0, -1, 1.5, Number.NaN, 17 * 1024 * 1024])('are not expected of a file of %d bytes', (bytes) => {
    expect(beginReassembly(name, bytes)).toBe(undefined);
  });
});
