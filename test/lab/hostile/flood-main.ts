/**
 * Somebody on the service network who can record, forge addresses and send faster than any cluster does, but does not
 * know the key. Records the pair's packets, then sends one kind of flood to everybody on the link:
 *
 *   garbage   random bytes, half of them behind a packet's true beginning
 *   replay    packets recorded just now, from the attacker's own address and many ports
 *   spoofed   the same with the sender's address and port as recorded: as if the peer itself had sent them again; each
 *             node gets its own packets back as well (reflected)
 *   forged    as spoofed, one bit changed: only the MAC can tell
 *   strangers garbage from a new address with every packet
 *   oversized datagrams of 60,000 bytes, as recorded with a tail of noise
 *   mixed     all of them in turns
 *
 * Frames go out through a packet socket with sendmmsg(2), 64 a call. The attacker uses its own hardware address: taking
 * over that of a node is an attack on the switch, which no manager can answer.
 *
 * An attacker has a machine of its own, which nothing on ours slows down: here it runs above the daemons' priority.
 *
 * Started as: flood-main DEVICE OWN_MAC OWN_ADDRESS BROADCAST KIND PACKETS_PER_SECOND SECONDS
 */
import { randomBytes } from 'node:crypto';
import { createWaiter, fastBootClock, runAtRealTimePriority } from '../libc.ts';
import { openFrameSocket } from './frame-socket.ts';
import { type Recorded, readRecorded, type UdpFrame, udpFrames } from './frames.ts';

const [, , device = 'eth0', ownMac = '', ownAddress = '', broadcast = '', kind = 'mixed', rateText, secondsText] =
  process.argv;
const packetsPerSecond = Number(rateText ?? '20000');
const batch = Math.min(64, Math.ceil(packetsPerSecond / 50));
const seconds = Number(secondsText ?? '2');
const recordedMax = 64;
const recordingUs = 400_000;
const port = 694;
const noise = randomBytes(60_000);
const kinds = ['garbage', 'replay', 'spoofed', 'forged', 'strangers'];

const socket = openFrameSocket(device);
const wait = createWaiter([socket.fd]);
const nowUs = fastBootClock();
const recorded: Recorded[] = [];
let number = 0;

record(nowUs() + recordingUs);
if (recorded.length === 0) throw new Error('nothing of the pair was heard');
runAtRealTimePriority(60);
const beganUs = nowUs();
const sent = attack(beganUs, beganUs + seconds * 1e6);
const tookUs = nowUs() - beganUs;
console.log(JSON.stringify({ kind, recorded: recorded.length, ...sent, tookMs: Math.round(tookUs / 1000) }));

function record(untilUs: number): void {
  while (nowUs() < untilUs) {
    wait(untilUs - nowUs());
    readOn();
  }
}

function readOn(): void {
  for (let frame = socket.read(); frame !== undefined; frame = socket.read()) {
    const heard = readRecorded(frame, port);
    if (heard === undefined) continue;
    recorded.push(heard);
    if (recorded.length > recordedMax) recorded.shift();
  }
}

/** Keeps to the rate: what the machine held back is made up for, at most a tenth of a second of it. */
function attack(fromUs: number, untilUs: number): { readonly datagrams: number; readonly frames: number } {
  let datagrams = 0;
  let frames = 0;
  let readUs = fromUs;
  for (let now = fromUs; now < untilUs; now = nowUs()) {
    const due = Math.min(((now - fromUs) * packetsPerSecond) / 1e6 - datagrams, packetsPerSecond / 10);
    if (due < batch) {
      wait(((batch - due) * 1e6) / packetsPerSecond);
      continue;
    }
    if (now - readUs > 100_000) {
      readOn();
      readUs = now;
    }
    const chosen = Array.from({ length: batch }, () => nextDatagram());
    datagrams += batch;
    frames += socket.send(chosen.flatMap((datagram) => udpFrames({ ...datagram, sourceMac: ownMac })));
  }
  return { datagrams, frames };
}

function nextDatagram(): Omit<UdpFrame, 'sourceMac'> {
  number += 1;
  const genuine = recorded[number % recorded.length]!;
  const own = { sourceAddress: ownAddress, sourcePort: 1024 + (number % 50_000) };
  const to = { targetAddress: broadcast, targetPort: port };
  switch (kind === 'mixed' ? kinds[number % kinds.length] : kind) {
    case 'replay':
      return { ...to, ...own, bytes: genuine.bytes };
    case 'spoofed':
      return { ...to, ...genuine };
    case 'forged':
      return { ...to, ...genuine, bytes: altered(genuine.bytes) };
    case 'strangers':
      return { ...to, sourceAddress: strangerAddress(), sourcePort: 1024 + (number % 50_000), bytes: garbage(genuine) };
    case 'oversized':
      return { ...to, ...own, bytes: Buffer.concat([genuine.bytes, noise.subarray(0, 60_000 - genuine.bytes.length)]) };
    default:
      return { ...to, ...own, bytes: garbage(genuine) };
  }
}

function strangerAddress(): string {
  return ownAddress.replace(/\d+\.\d+$/, `${number % 251}.${1 + (Math.floor(number / 251) % 250)}`);
}

function garbage(genuine: Recorded): Buffer {
  const length = 1 + ((number * 7919) % 1400);
  const at = (number * 104_729) % (noise.length - length);
  const bytes = Buffer.from(noise.subarray(at, at + length));
  if (number % 2 === 0) genuine.bytes.copy(bytes, 0, 0, Math.min(20, length));
  return bytes;
}

function altered(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const position = (number * 31) % copy.length;
  copy[position] = copy[position]! ^ (1 << (number % 8));
  return copy;
}
