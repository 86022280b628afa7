import { endianness } from 'node:os';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NetworkAddress } from '../../../resource-agents/context.ts';
import { bytesOfAddress } from '../../../resource-agents/ipaddr/address-text.ts';
import * as messages from '../../../src/io/netlink/messages.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
const address: NetworkAddress = {
  index: 3,
  family: 'ipv4',
  address: bytesOfAddress('192.168.1.100')!,
  prefixLength: 24,
  secondary: false,
  label: 'eth0:0',
  broadcast: bytesOfAddress('192.168.1.255')!,
};

// The bytes below are those of a little-endian machine; netlink speaks host byte order.
describe.runIf(endianness() === 'LE')('netlink messages, byte by byte', () => {
  it('adds an IPv4 address with label and broadcast', () => {
    const body = messages.encodeAddress(address);
    expect(hex(body)).toBe(
      '02180000' +
        '03000000' +
        '08000200c0a80164' +
        '08000100c0a80164' +
        '08000400c0a801ff' +
        '0b000300657468303a300000',
    );
    expect(hex(messages.encodeRequest(20, 0x605, 7, body))).toBe(`3c000000140005060700000000000000${hex(body)}`);
  });

  it('adds an IPv6 address without duplicate detection, which would hold it back', () => {
    const ipv6: NetworkAddress = {
      index: 2,
      family: 'ipv6',
      address: bytesOfAddress('fd00::1')!,
      prefixLength: 64,
      secondary: false,
    };
    const value = 'fd000000000000000000000000000001';
    expect(hex(messages.encodeAddress(ipv6))).toBe(`0a40020002000000${'14000200'}${value}${'14000100'}${value}`);
  });

  it('reads its own address back', () => {
    expect(messages.decodeAddress(messages.encodeAddress(address))).toEqual(address);
  });

  it('takes the local end of a point-to-point link, and sees secondary addresses', () => {
    const body = bytes('02200100 05000000 08000100 0a000001 08000200 0a000002');
    expect(messages.decodeAddress(body)).toMatchObject({
      index: 5,
      address: bytesOfAddress('10.0.0.2'),
      secondary: true,
    });
  });

  it('reads a link', () => {
    const body = bytes('00000100 02000000 03000000 00000000 0900030065746830 00000000 0a00010002aabbccddee0000');
    expect(messages.decodeLink(body)).toEqual({
      index: 2,
      name: 'eth0',
      hardware: Uint8Array.of(2, 0xaa, 0xbb, 0xcc, 0xdd, 0xee),
      up: true,
      loopback: false,
      ethernet: true,
    });
  });

  it('does not announce on loopback, point-to-point and NOARP links', () => {
    const link = (type: string, flags: string) =>
      messages.decodeLink(
        bytes(`0000${type} 02000000 ${flags} 00000000 0900030065746830 00000000 0a00010002aabbccddee0000`),
      );
    expect(link('0403', '09000000')).toMatchObject({ loopback: true, ethernet: false });
    expect(link('0100', '81000000')).toMatchObject({ ethernet: false });
    expect(link('fe02', '01000000')).toMatchObject({ ethernet: false });
  });

  it('reads connected and gateway routes of the main table only', () => {
    const connected = '02180000 fe02fd01 00000000 08000f00fe000000 08000100c0a80100 0800040002000000';
    expect(messages.decodeRoute(bytes(connected))).toEqual({
      family: 'ipv4',
      destination: bytesOfAddress('192.168.1.0'),
      prefixLength: 24,
      index: 2,
      viaGateway: false,
      metric: 0,
    });
    const gateway = '02000000 fe030001 00000000 08000500c0a80101 0800040002000000 0800060064000000';
    expect(messages.decodeRoute(bytes(gateway))).toMatchObject({ prefixLength: 0, viaGateway: true, metric: 100 });
    // Table 255 (local), and a broadcast route.
    expect(messages.decodeRoute(bytes('02200000 ff02fe01 00000000 08000100c0a80164 0800040002000000'))).toBeUndefined();
    expect(messages.decodeRoute(bytes('02200000 fe02fd03 00000000 08000100c0a801ff 0800040002000000'))).toBeUndefined();
  });

  it('names errors, and takes zero for an acknowledgement', () => {
    expect(messages.errorName(bytes('efffffff'))).toBe('EEXIST');
    expect(messages.errorName(bytes('00000000'))).toBeUndefined();
  });

  it('cuts a datagram into messages and stops at a length that does not fit', () => {
    const one = messages.encodeRequest(24, 0, 1, bytes('0102'));
    const two = messages.encodeRequest(3, 0, 2, bytes(''));
    const padded = Uint8Array.from([...one, 0, 0, ...two]);
    expect(messages.decodeMessages(padded).map((message) => [message.type, message.sequence])).toEqual([
      [24, 1],
      [3, 2],
    ]);
    expect(messages.decodeMessages(one.subarray(0, 17))).toEqual([]);
  });
});

it('takes any bytes without harm', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
      messages.decodeMessages(input);
      messages.decodeLink(input);
      messages.decodeAddress(input);
      messages.decodeRoute(input);
    }),
  );
});
