/**
 * Cuts ports of the lab's bridges within microseconds, all in one system call. Taking an interface down would wait for
 * a kernel grace period of many milliseconds in between; the forwarding state of a bridge port changes at once. To the
 * host the cable stays plugged in, as with a switch that has failed.
 */
import { libc } from './libc.ts';

const AF_NETLINK = 16;
const AF_BRIDGE = 7;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_ROUTE = 0;
const RTM_SETLINK = 19;
const NLM_F_REQUEST_ACK = 1 | 4;
const IFLA_PROTINFO_NESTED = 12 | 0x8000;
const IFLA_BRPORT_STATE = 1;
const NLMSG_ERROR = 2;

const stateDisabled = 0;
const stateForwarding = 3;

let netlink = -1;

/** Whether there is a device of that name. */
export function isPort(deviceName: string): boolean {
  return libc.ifNameToIndex(deviceName) !== 0;
}

export function setPortsForwarding(deviceNames: readonly string[], forwarding: boolean): void {
  if (deviceNames.length === 0) return;
  netlink = netlink === -1 ? libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE) : netlink;
  const requests = Buffer.concat(deviceNames.map((name) => setStateRequest(name, forwarding)));
  const kernel = Buffer.alloc(12);
  kernel.writeUInt16LE(AF_NETLINK, 0);
  const sent = libc.sendto(netlink, requests, requests.length, 0, kernel, kernel.length);
  if (sent !== requests.length) throw new Error('the lab could not talk to the kernel about its bridge ports');
  for (const name of deviceNames) checkAnswer(name);
}

function setStateRequest(deviceName: string, forwarding: boolean): Buffer {
  const index = libc.ifNameToIndex(deviceName);
  if (index === 0) throw new Error(`the lab has no bridge port ${deviceName}`);
  const request = Buffer.alloc(16 + 16 + 4 + 8);
  request.writeUInt32LE(request.length, 0);
  request.writeUInt16LE(RTM_SETLINK, 4);
  request.writeUInt16LE(NLM_F_REQUEST_ACK, 6);
  request.writeUInt8(AF_BRIDGE, 16);
  request.writeInt32LE(index, 20);
  request.writeUInt16LE(12, 32);
  request.writeUInt16LE(IFLA_PROTINFO_NESTED, 34);
  request.writeUInt16LE(5, 36);
  request.writeUInt16LE(IFLA_BRPORT_STATE, 38);
  request.writeUInt8(forwarding ? stateForwarding : stateDisabled, 40);
  return request;
}

function checkAnswer(deviceName: string): void {
  const answer = Buffer.alloc(4096);
  const size = libc.recvfrom(netlink, answer, answer.length, 0, null, null);
  const failed = size < 20 || answer.readUInt16LE(4) !== NLMSG_ERROR || answer.readInt32LE(16) !== 0;
  if (failed) throw new Error(`the kernel refused to change bridge port ${deviceName}: ${answer.readInt32LE(16)}`);
}
