/**
 * A UDP relay between the two nodes, for what the kernel here cannot do to packets: delay and reorder them, by its own
 * clock. Both nodes have a `ucast` link to its address and it sends what comes from one to the other. It can also lose,
 * repeat, damage, cut short, and play old packets again, all from a seed. Everything it keeps is bounded.
 *
 * Started as: relay-main ADDRESS PORT ADDRESS_OF_ONE ADDRESS_OF_OTHER SEED. Talks JSON lines: see relay.ts.
 */
import { createSocket } from 'node:dgram';
import { createInterface } from 'node:readline';
import { createRandom, nextUint32 } from '../../src/core/random.ts';
import { calmRelay, type RelayCount, type RelayMood, type RelayOrder } from './relay.ts';

const [, , address = '', portText = '', one = '', other = '', seed = '0'] = process.argv;
const port = Number(portText);
/** Packets under way; more are lost, as in a switch. */
const waitingMax = 5000;
const recordedMax = 500;

const random = createRandom(Number(seed));
const recorded: Array<{ readonly bytes: Buffer; readonly to: string }> = [];
const count: RelayCount = { received: 0, sent: 0, lost: 0, delayed: 0, repeated: 0, damaged: 0, cutShort: 0, old: 0 };
let mood: RelayMood = calmRelay;
let waiting = 0;

const socket = createSocket('udp4');
socket.on('message', (bytes, source) => {
  count.received += 1;
  const to = source.address === one ? other : source.address === other ? one : undefined;
  if (to === undefined) return;
  remember(Buffer.from(bytes), to);
  pass(Buffer.from(bytes), to);
});
socket.on('error', () => {});
socket.bind(port, address, () => process.stdout.write(`${JSON.stringify({ event: 'ready' })}\n`));

createInterface(process.stdin)
  .on('line', (line) => {
    const order = JSON.parse(line) as RelayOrder;
    if (order.do === 'mood') mood = order.mood;
    process.stdout.write(`${JSON.stringify({ answer: count })}\n`);
  })
  .on('close', () => process.exit(0));

function pass(bytes: Buffer, to: string): void {
  if (chance(mood.lossPercent)) {
    count.lost += 1;
    return;
  }
  send(changed(bytes), to);
  if (chance(mood.repeatPercent)) {
    count.repeated += 1;
    send(bytes, to);
  }
  if (chance(mood.oldPercent)) {
    const old = recorded[nextUint32(random) % recorded.length];
    count.old += 1;
    if (old !== undefined) send(old.bytes, old.to);
  }
}

function changed(bytes: Buffer): Buffer {
  if (chance(mood.damagePercent) && bytes.length > 0) {
    const position = nextUint32(random) % bytes.length;
    bytes[position] = bytes[position]! ^ (1 << (nextUint32(random) % 8));
    count.damaged += 1;
  }
  if (!chance(mood.cutShortPercent)) return bytes;
  count.cutShort += 1;
  return bytes.subarray(0, nextUint32(random) % (bytes.length + 1));
}

/** A random part of the delay makes packets overtake each other. */
function send(bytes: Buffer, to: string): void {
  const delayMs = mood.delayMs + (mood.jitterMs > 0 ? nextUint32(random) % mood.jitterMs : 0);
  if (delayMs === 0) return sendNow(bytes, to);
  if (waiting >= waitingMax) {
    count.lost += 1;
    return;
  }
  waiting += 1;
  count.delayed += 1;
  setTimeout(() => {
    waiting -= 1;
    sendNow(bytes, to);
  }, delayMs);
}

function sendNow(bytes: Buffer, to: string): void {
  count.sent += 1;
  socket.send(bytes, port, to, () => {});
}

/** Every tenth packet: old ones come from far back. */
function remember(bytes: Buffer, to: string): void {
  if (count.received % 10 !== 0) return;
  recorded.push({ bytes, to });
  if (recorded.length > recordedMax) recorded.splice(nextUint32(random) % recordedMax, 1);
}

function chance(percent: number): boolean {
  return percent > 0 && nextUint32(random) % 1000 < percent * 10;
}
