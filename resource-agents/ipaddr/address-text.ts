/** IP addresses between text and bytes in network order. Only the forms that the kernel's tools print and accept. */
import ipaddr from 'ipaddr.js';

/** Undefined when the text is not exactly one address: no octal, no short forms, no zone. */
export function bytesOfAddress(text: string): Uint8Array | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return Uint8Array.from(ipaddr.IPv4.parse(text).toByteArray());
  if (text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  return Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray());
}

export function textOfAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  return new ipaddr.IPv6(Array.from(bytes)).toRFC5952String();
}

/** `255.255.255.0` to 24; undefined for a mask with holes. */
export function prefixOfNetmask(text: string): number | undefined {
  const bytes = bytesOfAddress(text);
  if (bytes?.length !== 4) return undefined;
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

export function isInSubnet(address: Uint8Array, network: Uint8Array, prefixLength: number): boolean {
  if (address.length !== network.length) return false;
  return address.every((byte, index) => {
    const mask = maskByte(prefixLength, index);
    return (byte & mask) === ((network[index] ?? 0) & mask);
  });
}

/** The last address of the subnet; none below four addresses (RFC 3021). */
export function broadcastOf(address: Uint8Array, prefixLength: number): Uint8Array | undefined {
  if (address.length !== 4 || prefixLength > 30) return undefined;
  return address.map((byte, index) => byte | (~maskByte(prefixLength, index) & 0xff));
}

function maskByte(prefixLength: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefixLength - index * 8));
  return (0xff << (8 - bits)) & 0xff;
}
