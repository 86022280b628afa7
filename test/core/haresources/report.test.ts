import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GroupLetter, letterMeaning } from '../../../src/core/haresources/letters.ts';
import {
  decodeReport,
  encodeReport,
  type PingReport,
  type Report,
  reportContent,
} from '../../../src/core/haresources/report.ts';
import type { Field } from '../../../src/core/transport/message.ts';

const word = fc.stringMatching(/^[A-Za-z0-9_./:-]{1,20}$/);
const owner = fc.stringMatching(/^[a-z0-9.-]{1,12}$/);
const counter = fc.nat(Number.MAX_SAFE_INTEGER).map((number) => number % 1e15);
const reports: fc.Arbitrary<Report> = fc.record({
  version: counter,
  ack: counter,
  ackGeneration: fc.nat({ max: 0xffff_ffff }),
  stage: fc.constantFrom('joining', 'member', 'leaving', 'left', 'paused'),
  groups: fc.array(
    fc.record({
      key: word,
      letter: fc.constantFrom(...(Object.keys(letterMeaning) as GroupLetter[])),
      marked: fc.boolean(),
      owner,
    }),
    { maxLength: 20 },
  ),
});
const pingReports: fc.Arbitrary<PingReport> = fc.oneof(
  fc.record({ live: fc.nat(999) }),
  fc.record({ live: fc.nat(999), disputed: fc.nat(999) }),
);
const example: Report = {
  version: 12,
  ack: 7,
  ackGeneration: 0x1f,
  stage: 'member',
  groups: [
    { key: '10.0.0.1/24/eth0', letter: 'r', marked: false, owner: 'node1' },
    { key: 'IPaddr::10.0.0.2', letter: 'o', marked: true, owner: 'node2' },
  ],
};

describe('a report', () => {
  it('is two fields of text', () => {
    expect(encodeReport(example)).toEqual([
      { name: 'pbrep', value: '12 7 m 1f' },
      { name: 'pbgrp', value: 'r.node1:10.0.0.1/24/eth0 o*node2:IPaddr::10.0.0.2' },
    ]);
  });

  it('says how many ping nodes are reached, where there are any', () => {
    expect(encodeReport({ ...example, pings: { live: 2 } }).at(-1)).toEqual({ name: 'pbping', value: '2' });
    const fields = encodeReport({ ...example, pings: { live: 2, disputed: 1 } });
    expect(fields.at(-1)).toEqual({ name: 'pbping', value: '2 1' });
    fc.assert(
      fc.property(reports, pingReports, (report, pings) => {
        expect(decodeReport({ fields: encodeReport({ ...report, pings }) })).toEqual({ ...report, pings });
      }),
    );
  });

  it.each(['', 'x', '-1', '1 2 3', '1234', '1  2', ' 1'])('has no count of ping nodes in %j', (value) => {
    const fields = [...encodeReport(example), { name: 'pbping', value }];
    expect(decodeReport({ fields })).toEqual(example);
  });

  it('comes back as it was, among any other fields', () => {
    fc.assert(
      fc.property(reports, (report) => {
        const fields: Field[] = [
          { name: 't', value: 'status' },
          ...encodeReport(report),
          { name: 'pbrep', value: '9' },
        ];
        expect(decodeReport({ fields })).toEqual(report);
      }),
    );
  });

  it('counts as new for every change but of its version and of what it acknowledges', () => {
    const content = reportContent(example);
    expect(reportContent({ ...example, version: 99, ack: 98 })).toBe(content);
    const changes: Partial<Report>[] = [
      { stage: 'leaving' },
      { ackGeneration: 3 },
      { groups: example.groups.slice(1) },
      { groups: [...example.groups].reverse() },
      ...(['key', 'letter', 'marked', 'owner'] as const).map((name) => ({
        groups: [{ ...example.groups[0]!, [name]: { key: 'a', letter: 'p', marked: true, owner: 'b' }[name] } as never],
      })),
    ];
    const contents = changes.map((change) => reportContent({ ...example, ...change }));
    expect(new Set([content, ...contents]).size).toBe(changes.length + 1);
  });
});

describe('what is not a report', () => {
  const decode = (head: string, body: string) =>
    decodeReport({
      fields: [
        { name: 'pbrep', value: head },
        { name: 'pbgrp', value: body },
      ],
    });

  it.each([
    ['', ''],
    ['1 1 m', ''],
    ['1 1 m 1f ', ''],
    ['-1 1 m 1f', ''],
    ['1 1 M 1f', ''],
    ['1 1 z 1f', ''],
    ['1.5 1 m 1f', ''],
    ['1 1 m 1F', ''],
    ['1 1 m 1234567890123', ''],
    ['1234567890123456 1 m 1f', ''],
    ['1 1 m 1f', ' '],
    ['1 1 m 1f', 'r.node1:vip '],
    ['1 1 m 1f', 'r.node1:vip  r.node1:web'],
    ['1 1 m 1f', 'r.node1'],
    ['1 1 m 1f', 'r.:vip'],
    ['1 1 m 1f', 'r!node1:vip'],
    ['1 1 m 1f', 'q.node1:vip'],
    ['1 1 m 1f', 'r.node1:vip q.node1:web'],
    ['1 1 m 1f', `r.node1:a${' r.node1:a'.repeat(512)}`],
  ])('is not read at all, not even in part: %j %j', (head, body) => {
    expect(decode(head, body)).toBeUndefined();
  });

  it('is a message without one of the two fields, or with bytes in their place', () => {
    const [head, body] = encodeReport(example) as [Field, Field];
    expect(decodeReport({ fields: [head] })).toBeUndefined();
    expect(decodeReport({ fields: [body] })).toBeUndefined();
    expect(decodeReport({ fields: [head, { ...body, value: new Uint8Array(3) }] })).toBeUndefined();
    expect(decodeReport({ fields: [head, body] })).toEqual(example);
  });

  it('never throws, and whatever is believed is whole: it can be said again in the same words', () => {
    const headWords = fc.array(fc.constantFrom('0', '1', '007', '99', 'm', 'j', 'f', 'ffff', '', '-', '1e5'), {
      maxLength: 6,
    });
    const head = fc.oneof(
      fc.string(),
      headWords.map((words) => words.join(' ')),
      fc.constant('3 2 m 1f'),
    );
    const part = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('r.node1:vip', 'o*n:k', 'r.', ':', '.', 'x*'));
    const body = fc.array(part, { maxLength: 6 }).chain((parts) => fc.constantFrom(parts.join(' '), parts.join('')));
    let believed = 0;
    fc.assert(
      fc.property(head, body, (head, body) => {
        const report = decode(head, body);
        if (report === undefined) return;
        believed++;
        const [again, groups] = encodeReport(report);
        expect(groups!.value).toBe(body);
        expect(decode(again!.value as string, body)).toEqual(report);
        expect(Number.isSafeInteger(report.version) && Number.isSafeInteger(report.ack)).toBe(true);
        expect(report.groups.every(({ letter, owner }) => letter in letterMeaning && owner !== '')).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(believed).toBeGreaterThan(50);
  });

  it('is bounded: 512 groups are read, 513 are not', () => {
    const words = (count: number) => Array.from({ length: count }, (_, index) => `r.node1:g${index}`).join(' ');
    expect(decode('1 1 m 1f', words(512))?.groups).toHaveLength(512);
    expect(decode('1 1 m 1f', words(513))).toBeUndefined();
  });
});
