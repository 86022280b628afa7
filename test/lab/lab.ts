/**
 * A lab: cluster hosts, a client and an observer on one or more bridges, by default exactly the network of the seed
 * configuration. See README.md beside this file for how to use it. Only inside `enterLab`.
 */

import { currentLabMode } from './enter.ts';
import { Host } from './host.ts';
import { bootTimeUs } from './libc.ts';
import { Machine, type MachineOptions } from './machine.ts';
import type { ProbeEvent } from './measuring.ts';
import { Observer, Probe } from './probe.ts';
import { execOrThrow } from './processes.ts';

export interface LabOptions {
  readonly hosts?: readonly MachineOptions[];
  /** Address of the client on the service network, by device. */
  readonly client?: MachineOptions['addresses'];
}

/** node1 and node2 as in the seed configuration, with IPv6 beside it. */
export const seedHosts: readonly MachineOptions[] = [
  { name: 'node1', addresses: { eth0: ['192.168.1.6/24', 'fd00:1::6/64'], eth1: ['10.0.9.103/24'] } },
  { name: 'node2', addresses: { eth0: ['192.168.1.8/24', 'fd00:1::8/64'], eth1: ['10.0.9.121/24'] } },
];

const clientAddresses = { eth0: ['192.168.1.200/24', 'fd00:1::200/64'] };
const observerAddress = '192.168.1.201';

let labCount = 0;

export class Lab {
  readonly number: number;
  readonly hosts: readonly Host[];
  readonly client: Machine;
  readonly observer: Machine;
  private readonly bridges: Record<string, string> = {};
  private readonly options: LabOptions;

  constructor(options: LabOptions) {
    if (currentLabMode() === undefined) throw new Error('a lab exists only inside enterLab');
    labCount += 1;
    this.number = labCount;
    this.options = options;
    for (const device of this.deviceNames()) this.bridges[device] = `br${this.number}${device}`;
    const place = (index: number) => ({ labNumber: this.number, index, bridges: this.bridges });
    this.hosts = this.hostOptions().map((one, index) => new Host(one, place(index + 1)));
    this.client = new Machine({ name: 'client', addresses: options.client ?? clientAddresses }, place(100));
    this.observer = new Machine({ name: 'observer', addresses: { eth0: [`${observerAddress}/24`] } }, place(101));
  }

  host(name: string): Host {
    const found = this.hosts.find((one) => one.name === name);
    if (found === undefined) throw new Error(`the lab has no host ${name}`);
    return found;
  }

  /** The host that a hardware address belongs to, or the address itself. */
  nameOf(mac: string | undefined): string {
    if (mac === undefined) return 'nobody';
    const owner = this.hosts.find((host) => host.devices.some((device) => host.macAddress(device) === mac));
    return owner?.name ?? mac;
  }

  nowUs(): number {
    return bootTimeUs();
  }

  /** Starts the client's probe of an address: every millisecond unless told otherwise. */
  async probe(
    address: string,
    options: { everyMs?: number; onEvent?: (event: ProbeEvent) => void } = {},
  ): Promise<Probe> {
    return Probe.start(this, address, options.everyMs ?? 1, options.onEvent);
  }

  /** Starts the observer, which notices two owners of an IPv4 address. */
  async observe(address: string, everyMs = 2): Promise<Observer> {
    return Observer.start(this, address, observerAddress, everyMs);
  }

  /** Ends every machine and removes the bridges, so that many labs can follow one another in one process. */
  async close(): Promise<void> {
    for (const machine of [...this.hosts, this.client, this.observer]) if (machine.running) machine.crash();
    const lines = Object.values(this.bridges).map((bridge) => `link delete ${bridge}\n`);
    await execOrThrow('ip', ['-batch', '-'], lines.join(''));
  }

  async open(): Promise<void> {
    const lines = Object.values(this.bridges).flatMap((bridge) => [
      `link add ${bridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
      `link set ${bridge} up`,
    ]);
    await execOrThrow('ip', ['-batch', '-'], `${lines.join('\n')}\n`);
    await Promise.all([...this.hosts, this.client, this.observer].map((machine) => machine.boot()));
  }

  private hostOptions(): readonly MachineOptions[] {
    return this.options.hosts ?? seedHosts;
  }

  private deviceNames(): Set<string> {
    const all = [...this.hostOptions().map((host) => host.addresses), this.options.client ?? clientAddresses];
    return new Set(['eth0', ...all.flatMap((addresses) => Object.keys(addresses))]);
  }
}

/** A lab whose machines are up. The caller closes it. */
export async function createLab(options: LabOptions = {}): Promise<Lab> {
  const lab = new Lab(options);
  await lab.open();
  return lab;
}
