import { describe, expect, it } from 'vitest';
import { decodeLine, encodeLine } from '../../../src/io/journal/line.ts';

const roundTrip = (value: unknown): unknown => {
  const line = encodeLine({ kind: 'event', us: 1, value })!.toString('utf8').trimEnd();
  return decodeLine(line)?.['value' as 'us'];
};

describe('bytes in a journal', () => {
  it('come back as they were', () => {
    expect(roundTrip({ bytes: new Uint8Array([0, 1, 255]) })).toEqual({ bytes: new Uint8Array([0, 1, 255]) });
  });

  it('come back as bytes also when Node had them in a Buffer, as datagrams are that its event loop has read', () => {
    const back = roundTrip([Buffer.from([0, 1, 255])]);
    expect(back).toEqual([new Uint8Array([0, 1, 255])]);
  });

  it('of a secret are not there', () => {
    expect(roundTrip({ secret: Buffer.from('x'), name: 'key' })).toEqual({ name: 'key' });
  });
});
