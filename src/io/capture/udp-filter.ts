/** The filter of the capture: IPv4, UDP, this destination port, no later fragment. */
import type { Instruction } from '../bpf.ts';

const loadWord = 0x20;
const loadHalf = 0x28;
const loadByte = 0x30;
const loadHeaderLength = 0xb1;
const loadHalfBehindHeader = 0x48;
const jumpIfEqual = 0x15;
const jumpIfAnyBit = 0x45;
const give = 0x06;

/** linux/filter.h: SKF_AD_OFF + SKF_AD_PROTOCOL reads the Ethernet protocol, which SOCK_DGRAM has taken off. */
const protocolOfFrame = -0x1000;
const ipv4 = 0x0800;
const udp = 17;
const fragmentOffset = 0x1fff;

export function udpFilter(port: number): readonly Instruction[] {
  const step = (code: number, value: number, ifTrue = 0, ifFalse = 0): Instruction => ({
    code,
    ifTrue,
    ifFalse,
    value,
  });
  return [
    step(loadWord, protocolOfFrame),
    step(jumpIfEqual, ipv4, 0, 8),
    step(loadByte, 9),
    step(jumpIfEqual, udp, 0, 6),
    step(loadHalf, 6),
    step(jumpIfAnyBit, fragmentOffset, 4, 0),
    step(loadHeaderLength, 0),
    step(loadHalfBehindHeader, 2),
    step(jumpIfEqual, port, 0, 1),
    step(give, 0xffff),
    step(give, 0),
  ];
}
