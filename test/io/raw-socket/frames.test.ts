import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOfAddress } from '../../../resource-agents/ipaddr/address-text.ts';
import {
  advertisementClaim,
  arpClaim,
  arpProbe,
  gratuitousArp,
  hardwareText,
  internetChecksum,
  neighbourProbe,
  unsolicitedAdvertisement,
} from '../../../src/io/raw-socket/frames.ts';

const hardware = Uint8Array.of(0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0xee);
const stranger = Uint8Array.of(0x02, 1, 2, 3, 4, 5);
const ipv4 = bytesOfAddress('192.168.1.100')!;
const ipv6 = bytesOfAddress('2001:db8::1:2:3')!;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

it('announces an IPv4 address by an ARP request for itself with an empty target (RFC 5227 section 3)', () => {
  expect(hex(gratuitousArp('request', hardware, ipv4))).toBe(
    'ffffffffffff02aabbccddee0806' + '0001080006040001' + '02aabbccddeec0a80164' + '000000000000c0a80164',
  );
});

it('announces it by an ARP reply too', () => {
  expect(hex(gratuitousArp('reply', hardware, ipv4))).toBe(
    'ffffffffffff02aabbccddee0806' + '0001080006040002' + '02aabbccddeec0a80164' + '02aabbccddeec0a80164',
  );
});

it('asks who has an IPv4 address without a sender address (RFC 5227 section 2.1.1)', () => {
  expect(hex(arpProbe(hardware, ipv4))).toBe(
    'ffffffffffff02aabbccddee0806' + '0001080006040001' + '02aabbccddee00000000' + '000000000000c0a80164',
  );
});

it('announces an IPv6 address by a neighbour advertisement with the override flag (RFC 4861 section 7.2.6)', () => {
  const frame = unsolicitedAdvertisement(hardware, ipv6);
  expect(hex(frame.subarray(0, 14))).toBe('33330000000102aabbccddee86dd');
  expect(hex(frame.subarray(14, 54))).toBe(
    '6000000000203aff' + '20010db8000000000000000100020003' + 'ff020000000000000000000000000001',
  );
  expect(hex(frame.subarray(54, 56))).toBe('8800');
  expect(hex(frame.subarray(58))).toBe('20000000' + '20010db8000000000000000100020003' + '020102aabbccddee');
  expect(verifies(frame)).toBe(true);
});

it('asks who has an IPv6 address from nobody to its solicited-node group (RFC 4862 section 5.4.2)', () => {
  const frame = neighbourProbe(hardware, ipv6);
  expect(hex(frame.subarray(0, 14))).toBe('3333ff02000302aabbccddee86dd');
  expect(hex(frame.subarray(14, 54))).toBe(
    '6000000000183aff' + '00000000000000000000000000000000' + 'ff0200000000000000000001ff020003',
  );
  expect(hex(frame.subarray(54, 56))).toBe('8700');
  expect(hex(frame.subarray(58))).toBe('00000000' + '20010db8000000000000000100020003');
  expect(verifies(frame)).toBe(true);
});

it('computes the checksum of RFC 1071', () => {
  // The example of RFC 1071 section 3: the sum of these is ddf2.
  expect(internetChecksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7))).toBe(~0xddf2 & 0xffff);
  expect(internetChecksum(Uint8Array.of(0x12))).toBe(~0x1200 & 0xffff);
});

it('recognises who claims an IPv4 address, in request and reply', () => {
  expect(arpClaim(gratuitousArp('reply', stranger, ipv4), ipv4)).toEqual(stranger);
  expect(arpClaim(gratuitousArp('request', stranger, ipv4), ipv4)).toEqual(stranger);
  expect(arpClaim(gratuitousArp('reply', stranger, ipv4), bytesOfAddress('192.168.1.101')!)).toBeUndefined();
  expect(arpClaim(arpProbe(stranger, ipv4), ipv4)).toBeUndefined();
});

it('recognises who advertises an IPv6 address', () => {
  const message = unsolicitedAdvertisement(stranger, ipv6).subarray(54);
  expect(advertisementClaim(message, ipv6)).toEqual(stranger);
  expect(advertisementClaim(message, bytesOfAddress('2001:db8::9')!)).toBeUndefined();
  expect(advertisementClaim(neighbourProbe(stranger, ipv6).subarray(54), ipv6)).toBeUndefined();
  // Without the option the sender has no name, yet somebody is there.
  expect(advertisementClaim(message.subarray(0, 24), ipv6)).toEqual(new Uint8Array(6));
});

it('takes any bytes from the network without harm', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      arpClaim(bytes, ipv4);
      advertisementClaim(bytes, ipv6);
    }),
  );
  const looping = unsolicitedAdvertisement(stranger, ipv6).subarray(54);
  looping[25] = 0;
  expect(advertisementClaim(looping, ipv6)).toEqual(new Uint8Array(6));
});

it('writes hardware addresses as everybody does', () => {
  expect(hardwareText(hardware)).toBe('02:aa:bb:cc:dd:ee');
});

/** A packet whose checksum is right sums up to zero together with it. */
function verifies(frame: Uint8Array): boolean {
  const message = frame.subarray(54);
  const pseudo = new Uint8Array(40 + message.length);
  pseudo.set(frame.subarray(22, 54), 0);
  pseudo[35] = message.length;
  pseudo[39] = 58;
  pseudo.set(message, 40);
  return internetChecksum(pseudo) === 0;
}
