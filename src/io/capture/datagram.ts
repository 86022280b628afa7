/** From an IPv4 packet to the UDP datagram in it. Lengths are checked before anything is read. */
export interface CapturedDatagram {
  /** Wall clock, microseconds, by the kernel. */
  readonly atUs: number;
  readonly device: string;
  readonly source: string;
  readonly destination: string;
  readonly bytes: Uint8Array;
}

const udpHeaderBytes = 8;

export function readDatagram(packet: Uint8Array, device: string, atUs: number): CapturedDatagram | undefined {
  const headerBytes = ((packet[0] ?? 0) & 0x0f) * 4;
  if (headerBytes < 20 || packet.length < headerBytes + udpHeaderBytes) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const length = view.getUint16(headerBytes + 4, false);
  if (length < udpHeaderBytes || packet.length < headerBytes + length) return undefined;
  return {
    atUs,
    device,
    source: packet.subarray(12, 16).join('.'),
    destination: packet.subarray(16, 20).join('.'),
    bytes: packet.slice(headerBytes + udpHeaderBytes, headerBytes + length),
  };
}
