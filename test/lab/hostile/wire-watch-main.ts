/**
 * Watches from a third machine when each node's packets really come by, whatever else is on the wire: the kernel passes
 * only frames with a node's own hardware address, so that a flood costs this program nothing. At the end it prints, for
 * each node, the longest gap between two of its packets in milliseconds.
 *
 * Started as: wire-watch-main DEVICE NAME=MAC NAME=MAC SECONDS
 */
import { createWaiter, fastBootClock, runAtRealTimePriority } from '../libc.ts';
import { openFrameSocket } from './frame-socket.ts';
import { readRecorded } from './frames.ts';

const [, , device = 'eth0', first = '', second = '', secondsText = '1'] = process.argv;
const nodes = [first, second].map((text) => {
  const [name = '', mac = ''] = text.split('=');
  return { name, mac: mac.replaceAll(':', ''), times: [] as number[] };
});
const tail = (index: number): number => Number.parseInt(nodes[index]!.mac.slice(4), 16);
const [loadWord, equal, answer] = [0x20, 0x15, 0x06];
const socket = openFrameSocket(device, [
  [loadWord, 0, 0, 8],
  [equal, 1, 0, tail(0)],
  [equal, 0, 1, tail(1)],
  [answer, 0, 0, 0xffff],
  [answer, 0, 0, 0],
]);
const nowUs = fastBootClock();
const realTime = runAtRealTimePriority(50);
const wait = createWaiter([socket.fd]);
const beganUs = nowUs();
const endUs = beganUs + Number(secondsText) * 1e6;

for (let now = beganUs; now < endUs; now = nowUs()) {
  wait(endUs - now);
  for (let frame = socket.read(); frame !== undefined; frame = socket.read()) {
    if (readRecorded(frame, 694) === undefined) continue;
    nodes.find(({ mac }) => frame.toString('hex', 6, 12) === mac)?.times.push(nowUs());
  }
}
const report = nodes.map(({ name, times }) => [
  name,
  { packets: times.length, longestGapMs: longestGapMs([beganUs, ...times, endUs]) },
]);
console.log(JSON.stringify({ realTime, nodes: Object.fromEntries(report) }));

function longestGapMs(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, index) => (time - times[index]!) / 1000));
}
