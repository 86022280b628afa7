import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../src/core/journal-records.ts';
import { decodeLine, encodeLine } from '../../../src/io/journal/line.ts';
import { readSegment } from '../../../src/io/journal/read.ts';

const anyRecord: fc.Arbitrary<JournalRecord> = fc.record({
  kind: fc.constant('event' as const),
  us: fc.nat(),
  text: fc.string({ unit: 'binary' }),
  value: fc.jsonValue(),
  bytes: fc.uint8Array(),
});

describe('journal segments', () => {
  it('read back exactly what was written, whatever it was', () => {
    fc.assert(
      fc.property(fc.array(anyRecord), (records) => {
        expect(readSegment(encode(records))).toEqual({ records: asJson(records) });
      }),
    );
  });

  it('cut anywhere yield the records before the cut', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 5 }), fc.nat(), (records, where) => {
        const whole = encode(records);
        const content = readSegment(whole.subarray(0, where % whole.length));
        expect(content.records).toEqual(asJson(records).slice(0, content.records.length));
        expect(content.records.length).toBeLessThan(records.length);
      }),
    );
  });

  it('with any bit flipped yield the records before it and report the damage', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 5 }), fc.nat(), (records, where) => {
        const bytes = encode(records);
        const bit = where % (bytes.length * 8);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const intact = lineStarts(records).filter((start) => start <= bit >> 3).length - 1;
        const content = readSegment(bytes);
        expect(content.records).toEqual(asJson(records).slice(0, intact));
        expect(content.damage).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });

  it('are never misread from arbitrary bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => readSegment(bytes).records.length === 0));
  });

  it('refuse a line that verifies but is no record', () => {
    const line = encodeLine({ kind: 'lost', us: 1, records: 1 })!.toString().trimEnd();
    expect(decodeLine(line)).toEqual({ kind: 'lost', us: 1, records: 1 });
    expect(
      decodeLine(
        encodeLine({ us: 1 } as never)!
          .toString()
          .trimEnd(),
      ),
    ).toBe(undefined);
    expect(decodeLine(`${line} `)).toBe(undefined);
  });
});

function encode(records: readonly JournalRecord[]): Buffer {
  return Buffer.concat(records.map((record) => encodeLine(record)!));
}

/** Where each line begins, and where the last one ends. */
function lineStarts(records: readonly JournalRecord[]): number[] {
  let at = 0;
  return records.map((record) => {
    const start = at;
    at += encodeLine(record)!.length;
    return start;
  });
}

/** JSON knows no negative zero. */
function asJson(records: readonly JournalRecord[]): JournalRecord[] {
  return records.map((record) => {
    const { bytes, ...rest } = record as JournalRecord & { bytes: Uint8Array };
    return { ...JSON.parse(JSON.stringify(rest)), bytes } as JournalRecord;
  });
}
