/** Ethernet frames with UDP datagrams inside: made with any sender's address, and read back. IPv4 only. */

export interface Recorded {
  readonly sourceAddress: string;
  readonly sourcePort: number;
  readonly bytes: Buffer;
}

export interface UdpFrame extends Recorded {
  readonly sourceMac: string;
  readonly targetAddress: string;
  readonly targetPort: number;
}

const ethernetBytes = 14;
const addressBytes = 20;
const udpBytes = 8;
/** Payload of one frame, a multiple of eight as fragments must be. */
const fragmentBytes = 1480;
const protocolUdp = 17;
const moreFragments = 0x2000;
const toEverybody = 'ffffffffffff';

/** One frame, or the fragments of one datagram. */
export function udpFrames(datagram: UdpFrame): Buffer[] {
  const udp = Buffer.alloc(udpBytes + datagram.bytes.length);
  udp.writeUInt16BE(datagram.sourcePort, 0);
  udp.writeUInt16BE(datagram.targetPort, 2);
  udp.writeUInt16BE(udp.length, 4);
  // No checksum (0), which IPv4 allows.
  datagram.bytes.copy(udp, udpBytes);
  identification = (identification + 1) & 0xffff;
  const frames: Buffer[] = [];
  for (let at = 0; at < udp.length; at += fragmentBytes) {
    const part = udp.subarray(at, at + fragmentBytes);
    const flags = (at + part.length < udp.length ? moreFragments : 0) | (at / 8);
    frames.push(Buffer.concat([headers(datagram, part.length, flags), part]));
  }
  return frames;
}

let identification = 0;

function headers({ sourceMac, sourceAddress, targetAddress }: UdpFrame, length: number, flags: number): Buffer {
  const bytes = Buffer.alloc(ethernetBytes + addressBytes);
  bytes.write(`${toEverybody}${sourceMac.replaceAll(':', '')}0800`, 'hex');
  const ip = bytes.subarray(ethernetBytes);
  ip[0] = 0x45;
  ip.writeUInt16BE(addressBytes + length, 2);
  ip.writeUInt16BE(identification, 4);
  ip.writeUInt16BE(flags, 6);
  ip[8] = 64;
  ip[9] = protocolUdp;
  writeAddress(ip, sourceAddress, 12);
  writeAddress(ip, targetAddress, 16);
  ip.writeUInt16BE(checksum(ip), 10);
  return bytes;
}

/** The UDP datagram to `port` in a frame; `undefined` for everything else. */
export function readRecorded(frame: Buffer, port: number): Recorded | undefined {
  if (frame.length < ethernetBytes + addressBytes + udpBytes || frame.readUInt16BE(12) !== 0x0800) return undefined;
  const ip = frame.subarray(ethernetBytes);
  const udp = ip.subarray((ip[0]! & 15) * 4);
  if (ip[9] !== protocolUdp || udp.length < udpBytes || udp.readUInt16BE(2) !== port) return undefined;
  return {
    sourceAddress: [...ip.subarray(12, 16)].join('.'),
    sourcePort: udp.readUInt16BE(0),
    bytes: Buffer.from(udp.subarray(udpBytes, udp.readUInt16BE(4))),
  };
}

function writeAddress(bytes: Buffer, address: string, at: number): void {
  address.split('.').forEach((part, index) => {
    bytes[at + index] = Number(part);
  });
}

/** RFC 1071. */
function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
