/** What the kernel says about configured IPv4 addresses, over rtnetlink: its notifications, and a list on request. */
import { libc } from '../lab/libc.ts';

const RTM_NEWADDR = 20;
const RTM_DELADDR = 21;
const RTM_GETADDR = 22;
const NLMSG_DONE = 3;
const NLM_F_REQUEST_DUMP = 0x301;
const IFA_LOCAL = 2;
const AF_INET = 2;
const MSG_DONTWAIT = 0x40;

/** For `routeSocketOf`: notifications of IPv4 addresses. */
export const addressGroup = 0x10;

export interface AddressNews {
  readonly kind: 'added' | 'removed';
  readonly address: string;
}

const buffer = Buffer.alloc(65_536);

/** Everything that waits in a socket with notifications. */
export function readAddressNews(fd: number): AddressNews[] {
  const news: AddressNews[] = [];
  for (let size = receive(fd); size > 0; size = receive(fd)) {
    for (const { type, address } of messages(size)) {
      if (address === undefined) continue;
      if (type === RTM_NEWADDR) news.push({ kind: 'added', address });
      if (type === RTM_DELADDR) news.push({ kind: 'removed', address });
    }
  }
  return news;
}

/** The IPv4 addresses that are configured now; asked on a socket without notifications. Undefined if it says nothing. */
export function listAddresses(fd: number): Set<string> | undefined {
  const request = Buffer.alloc(24);
  request.writeUInt32LE(24, 0);
  request.writeUInt16LE(RTM_GETADDR, 4);
  request.writeUInt16LE(NLM_F_REQUEST_DUMP, 6);
  request[16] = AF_INET;
  const kernel = Buffer.alloc(12);
  kernel.writeUInt16LE(16, 0);
  if (libc.sendto(fd, request, request.length, 0, kernel, kernel.length) !== request.length) return undefined;
  const found = new Set<string>();
  for (let size = receive(fd); size > 0; size = receive(fd)) {
    for (const { type, address } of messages(size)) {
      if (type === NLMSG_DONE) return found;
      if (address !== undefined) found.add(address);
    }
  }
  return undefined;
}

const receive = (fd: number): number => libc.recvfrom(fd, buffer, buffer.length, MSG_DONTWAIT, null, null);

function* messages(size: number): Generator<{ readonly type: number; readonly address: string | undefined }> {
  for (let at = 0; at + 16 <= size; ) {
    const length = buffer.readUInt32LE(at);
    if (length < 16) return;
    const type = buffer.readUInt16LE(at + 4);
    const isAddress = type === RTM_NEWADDR || type === RTM_DELADDR;
    yield { type, address: isAddress ? localAddress(at + 24, Math.min(at + length, size)) : undefined };
    at += (length + 3) & ~3;
  }
}

function localAddress(from: number, to: number): string | undefined {
  for (let at = from; at + 4 <= to; ) {
    const length = buffer.readUInt16LE(at);
    if (length < 4) return undefined;
    if (buffer.readUInt16LE(at + 2) === IFA_LOCAL && length === 8)
      return [...buffer.subarray(at + 4, at + 8)].join('.');
    at += (length + 3) & ~3;
  }
  return undefined;
}
