/**
 * The outside observer of a chaos round, a process of its own at a real-time priority above the daemons: it belongs to
 * no node, so nothing that happens to one can blind it. By events and a hundred times a second it asks the kernel, never
 * a daemon: which addresses are configured in each machine's network, which writer processes exist, whether the machine
 * has power. Writers announce themselves in a file that both nodes share; a writer that did not get the lock says so,
 * and then the kernel has seen two owners, however short it was.
 *
 * Started as: watcher-main SHARED_DIRECTORY ADDRESS,ADDRESS SERVICE,SERVICE. Talks JSON lines: see watcher.ts.
 */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../lab/answering.ts';
import { createWaiter, fastBootClock, runAtRealTimePriority } from '../lab/libc.ts';
import { addressGroup, listAddresses, readAddressNews } from './addresses.ts';
import { Holdings } from './holdings.ts';
import { openPidfd, routeSocketOf } from './namespaces.ts';
import type { LockConflict, WatcherOrder, WatcherReport } from './watcher.ts';

const [, , sharedDirectory = '', addressText = '', serviceText = ''] = process.argv;
const addresses = addressText.split(',');
const resources = [
  ...addresses.map((address) => `address ${address}`),
  ...serviceText.split(',').map((service) => `service ${service}`),
];
const pollUs = 10_000;
const stallUs = 2000;

interface Machine {
  readonly name: string;
  readonly pidNamespace: string;
  readonly pidfd: number;
  readonly newsFd: number;
  readonly listFd: number;
  configured: Set<string>;
}

interface Writer {
  readonly service: string;
  readonly node: string;
  readonly pid: number;
  readonly pidfd: number;
}

const nowUs = fastBootClock();
const realTime = runAtRealTimePriority(50);
const holdings = new Holdings();
const machines = new Map<string, Machine>();
const writers = new Set<Writer>();
const conflicts: LockConflict[] = [];
const announcements = openSync(join(sharedDirectory, 'writers'), 'r');
const readBuffer = Buffer.alloc(65_536);
let announced = '';
let orders = '';
let longestStallMs = 0;
let polls = 0;
let lastPollUs = nowUs();

say({ event: 'ready', realTime });
watch();

function watch(): void {
  let watched: number[] = [];
  let wait: (timeoutUs: number) => boolean[] = () => [];
  for (;;) {
    const wanted = [0, ...[...machines.values()].flatMap((one) => [one.pidfd, one.newsFd]), ...pidfdsOfWriters()];
    if (wanted.join() !== watched.join()) {
      watched = wanted;
      wait = createWaiter(watched);
    }
    const dueUs = lastPollUs + pollUs;
    const readable = wait(Math.max(0, dueUs - nowUs()));
    const lateUs = nowUs() - dueUs;
    if (lateUs > stallUs) longestStallMs = Math.max(longestStallMs, lateUs / 1000);
    const ready = new Set(watched.filter((_, index) => readable[index]));
    // What has ended goes first: within one turn nobody can say which of two came first.
    for (const machine of [...machines.values()]) if (ready.has(machine.pidfd)) powerOff(machine);
    for (const writer of [...writers]) if (ready.has(writer.pidfd)) writerEnded(writer);
    takeNews();
    readAnnouncements();
    if (nowUs() >= dueUs) poll();
    if (ready.has(0)) readOrders();
  }
}

function pidfdsOfWriters(): number[] {
  return [...writers].map((writer) => writer.pidfd);
}

function powerOff(machine: Machine): void {
  machines.delete(machine.name);
  for (const fd of [machine.pidfd, machine.newsFd, machine.listFd]) closeSync(fd);
  for (const writer of [...writers]) {
    if (writer.node !== machine.name) continue;
    writers.delete(writer);
    closeSync(writer.pidfd);
  }
  holdings.endAll(machine.name, nowUs());
}

function writerEnded(writer: Writer): void {
  writers.delete(writer);
  closeSync(writer.pidfd);
  holdings.end(`service ${writer.service}`, writer.node, nowUs());
}

/** Removals of all machines before additions of any, for the same reason. */
function takeNews(): void {
  const added: Array<() => void> = [];
  for (const machine of machines.values()) {
    for (const { kind, address } of readAddressNews(machine.newsFd)) {
      if (kind === 'removed') setAddress(machine, address, false);
      else added.push(() => setAddress(machine, address, true));
    }
  }
  for (const add of added) add();
}

function setAddress(machine: Machine, address: string, configured: boolean): void {
  if (!addresses.includes(address) || machine.configured.has(address) === configured) return;
  if (configured) {
    machine.configured.add(address);
    holdings.begin(`address ${address}`, machine.name, nowUs());
  } else {
    machine.configured.delete(address);
    holdings.end(`address ${address}`, machine.name, nowUs());
  }
}

/** A notification can be lost when a socket is full; the list cannot. */
function poll(): void {
  const sinceUs = nowUs() - lastPollUs;
  lastPollUs = nowUs();
  polls += 1;
  for (const machine of machines.values()) {
    const listed = listAddresses(machine.listFd);
    if (listed === undefined) continue;
    for (const address of addresses) if (!listed.has(address)) setAddress(machine, address, false);
    for (const address of addresses) if (listed.has(address)) setAddress(machine, address, true);
  }
  for (const { resource, nodes } of holdings.openOverlaps()) {
    if (nodes.filter((node) => isAwake(resource, node)).length > 1) holdings.addAwake(resource, sinceUs);
  }
}

/** An address is answered for by the kernel, whoever sleeps. */
function isAwake(resource: string, node: string): boolean {
  if (resource.startsWith('address ')) return true;
  return [...writers].some((one) => `service ${one.service}` === resource && one.node === node && !isStopped(one.pid));
}

function isStopped(pid: number): boolean {
  try {
    return /^State:\s+[Tt]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return true;
  }
}

/** Lines of `SERVICE NODE PID lock|conflict UPTIME`; the pid is that of the machine. */
function readAnnouncements(): void {
  const size = readSync(announcements, readBuffer, 0, readBuffer.length, null);
  if (size === 0) return;
  announced += readBuffer.toString('latin1', 0, size);
  for (let end = announced.indexOf('\n'); end !== -1; end = announced.indexOf('\n')) {
    const [service = '', node = '', pid = '', word] = announced.slice(0, end).split(' ');
    announced = announced.slice(end + 1);
    if (word === 'conflict')
      conflicts.push({ atUs: nowUs(), service, node, holders: holdings.nodesOf(`service ${service}`) });
    writerBegan(service, node, Number(pid));
  }
}

function writerBegan(service: string, node: string, pidInside: number): void {
  const machine = machines.get(node);
  const pid = machine === undefined ? undefined : outerPid(machine.pidNamespace, pidInside);
  const pidfd = pid === undefined ? undefined : openPidfd(pid);
  // It has ended already, or its machine has.
  if (pid === undefined || pidfd === undefined) return;
  writers.add({ service, node, pid, pidfd });
  holdings.begin(`service ${service}`, node, nowUs());
}

function outerPid(pidNamespace: string, pidInside: number): number | undefined {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const inside = /^NSpid:.*\s(\d+)$/m.exec(readFileSync(`/proc/${entry}/status`, 'latin1'))?.[1];
      if (Number(inside) === pidInside && readlinkSync(`/proc/${entry}/ns/pid`) === pidNamespace) return Number(entry);
    } catch {
      // It has just ended.
    }
  }
  return undefined;
}

function readOrders(): void {
  const size = readSync(0, readBuffer, 0, readBuffer.length, null);
  if (size === 0) process.exit(0);
  orders += readBuffer.toString('utf8', 0, size);
  for (let end = orders.indexOf('\n'); end !== -1; end = orders.indexOf('\n')) {
    const order = JSON.parse(orders.slice(0, end)) as WatcherOrder;
    orders = orders.slice(end + 1);
    if (order.do === 'attach') say({ answer: attach(order.name, order.pid) });
    else say({ answer: order.do === 'holders' ? holders() : report() });
  }
}

function attach(name: string, pid: number): boolean {
  const known = machines.get(name);
  if (known !== undefined) powerOff(known);
  const pidfd = openPidfd(pid);
  if (pidfd === undefined) return false;
  const machine: Machine = {
    name,
    pidNamespace: readlinkSync(`/proc/${pid}/ns/pid`),
    pidfd,
    newsFd: routeSocketOf(pid, addressGroup),
    listFd: routeSocketOf(pid, 0),
    configured: new Set(),
  };
  machines.set(name, machine);
  const listed = listAddresses(machine.listFd) ?? new Set();
  for (const address of addresses) if (listed.has(address)) setAddress(machine, address, true);
  return true;
}

function holders(): Record<string, string[]> {
  return Object.fromEntries(resources.map((resource) => [resource, holdings.nodesOf(resource)]));
}

function report(): WatcherReport {
  return {
    atUs: nowUs(),
    overlaps: holdings.overlapSpells(nowUs()),
    holdings: holdings.holdingSpells(),
    conflicts,
    longestStallMs,
    polls,
    descriptors: readdirSync('/proc/self/fd').length,
  };
}
