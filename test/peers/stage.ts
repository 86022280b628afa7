/**
 * Where a scenario plays: a lab with two nodes of given kinds, the client's probe, an observer for each service address,
 * and the questions that every scenario asks at its end.
 */

import { eventually, expectEqual } from '../lab/expect.ts';
import type { Lab } from '../lab/lab.ts';
import { sleep } from '../lab/machine.ts';
import type { Observer, Probe } from '../lab/probe.ts';
import { execOrThrow } from '../lab/processes.ts';
import type { LabTestContext } from '../lab/runner.ts';
import { PeerNode } from './node.ts';
import { overlaps, serviceRuns, serviceSpells } from './services.ts';
import { configurationOf, groupOf, type Setup } from './setup.ts';
import type { Kind } from './software.ts';
import { Wire } from './wire.ts';

export type NodeName = 'node1' | 'node2';
export type Cast = Readonly<Record<NodeName, Kind>>;

/** What `cl_status rscstatus` says on a node that is up and at rest. */
export type Holding = 'none' | 'local' | 'foreign' | 'all';

const heartbeatDevice = 'eth1';
const heartbeatAddress: Record<NodeName, string> = { node1: '10.0.9.103', node2: '10.0.9.121' };

/** A real node waits 10 s before it takes anything after a joint start. */
const patienceMs = 60_000;

export interface Verdict {
  /** Milliseconds during which two hosts answered for an address, by address. */
  readonly doubleOwnerMs: Readonly<Record<string, number>>;
  /** Services that ran on both hosts at the same time. */
  readonly doubleServices: readonly string[];
}

export class Stage {
  readonly lab: Lab;
  readonly cast: Cast;
  readonly setup: Setup;
  readonly node1: PeerNode;
  readonly node2: PeerNode;
  readonly wire = new Wire();
  /** Asks for node1's address. */
  readonly probe: Probe;
  private readonly observers: ReadonlyMap<string, Observer>;

  private constructor(lab: Lab, cast: Cast, setup: Setup, probe: Probe, observers: ReadonlyMap<string, Observer>) {
    this.lab = lab;
    this.cast = cast;
    this.setup = setup;
    this.probe = probe;
    this.observers = observers;
    const configuration = configurationOf(setup);
    this.node1 = new PeerNode(lab.host('node1'), cast.node1, configuration);
    this.node2 = new PeerNode(lab.host('node2'), cast.node2, configuration);
    for (const node of this.nodes) this.listenTo(node);
  }

  static async open(context: LabTestContext, cast: Cast, setup: Setup): Promise<Stage> {
    const lab = await context.lab();
    const addresses = setup.groups === 'two' ? [groupOf.node1.address, groupOf.node2.address] : [groupOf.node1.address];
    const observers = new Map<string, Observer>();
    for (const address of addresses) observers.set(address, await lab.observe(address));
    const probe = await lab.probe(groupOf.node1.address, { everyMs: 2 });
    return new Stage(lab, cast, setup, probe, observers);
  }

  get nodes(): readonly [PeerNode, PeerNode] {
    return [this.node1, this.node2];
  }

  /** The nodes on which a kind of software is cast. */
  nodesOf(kind: Kind): PeerNode[] {
    return this.nodes.filter((node) => node.kind === kind);
  }

  other(node: PeerNode): PeerNode {
    return node === this.node1 ? this.node2 : this.node1;
  }

  async start(node: PeerNode): Promise<void> {
    if (!node.host.running) {
      await node.host.boot();
      this.listenTo(node);
    }
    await this.introduce(node);
    await node.start();
  }

  async startBoth(): Promise<void> {
    await Promise.all(this.nodes.map((node) => this.start(node)));
  }

  /**
   * Waits until both nodes are at rest with these holdings, each by its own word, and the addresses and services are
   * where that means. `down` is a node that nothing is asked of.
   */
  async holding(one: Holding | 'down', two: Holding | 'down'): Promise<void> {
    const wanted = { node1: one, node2: two };
    if (this.setup.autoFailback !== 'legacy') {
      const views = async () => `node1 ${await this.node1.view()}, node2 ${await this.node2.view()}`;
      await eventually('both views', views, (found) => found === `node1 ${one}, node2 ${two}`, patienceMs);
    }
    await eventually(
      'addresses and services where the views say',
      () => this.placement(),
      (found) => found === placementOf(wanted, this.setup),
      patienceMs,
    );
  }

  /** Waits until every address and every service is somewhere, and nowhere twice, for a while. */
  async eachOnce(): Promise<void> {
    const expected = 2 * groupsOf(this.setup).length;
    const places = async () => (await this.placement()).split(', ').map((place) => place.split(' on ')[0]!);
    const once = (found: readonly string[]) => found.length === expected && new Set(found).size === expected;
    await eventually('each address and service once', places, once, patienceMs);
    await this.rest();
    await eventually('each address and service still once', places, once, patienceMs);
  }

  /** Long enough for a real node to regard itself as stable again and to accept the next request. */
  async rest(): Promise<void> {
    await sleep(2000);
  }

  /** Where everything is: `httpd+192.168.1.100 on node1` for each group. */
  async placement(): Promise<string> {
    const places: string[] = [];
    for (const { address, service } of groupsOf(this.setup)) {
      for (const node of this.nodes) {
        if (await node.hasAddress(address)) places.push(`${address} on ${node.name}`);
        if (serviceRuns(node.host, service)) places.push(`${service} on ${node.name}`);
      }
    }
    return places.join(', ');
  }

  /** Drops this share of the keepalive traffic in both directions, until `percent` is 0. */
  async lose(percent: number): Promise<void> {
    for (const node of this.nodes) {
      const port = node.host.port(heartbeatDevice);
      if (percent === 0) await execOrThrow('nft', ['delete', 'table', 'netdev', `loss_${port}`]);
      else await execOrThrow('nft', [lossTable(port, percent)]);
    }
  }

  /** Cuts or heals the cable that carries the keepalives. */
  async cut(node: PeerNode, direction: 'both' | 'in' | 'out'): Promise<number> {
    return node.host.cut({ device: heartbeatDevice, direction });
  }

  async heal(node: PeerNode): Promise<number> {
    return node.host.heal({ device: heartbeatDevice });
  }

  async verdict(fromUs = 0, toUs = this.lab.nowUs()): Promise<Verdict> {
    const doubleOwnerMs: Record<string, number> = {};
    for (const [address, observer] of this.observers) {
      const spells = await observer.doubleOwners(fromUs, toUs);
      doubleOwnerMs[address] = spells.reduce((sum, spell) => sum + (spell.toUs - spell.fromUs) / 1000 + 2, 0);
    }
    const spells = this.nodes.map((node) => serviceSpells(node.host, node.powerCutsUs, toUs));
    return { doubleOwnerMs, doubleServices: overlaps(spells[0]!, spells[1]!) };
  }

  /** Nothing ever ran twice. */
  async expectNothingTwice(): Promise<void> {
    const { doubleOwnerMs, doubleServices } = await this.verdict();
    for (const [address, ms] of Object.entries(doubleOwnerMs)) expectEqual(ms, 0, `ms with two owners of ${address}`);
    expectEqual(doubleServices, [], 'services that ran on both nodes');
  }

  /** A deaf node must not stop talking because it does not hear the answers of ARP either. */
  private async introduce(node: PeerNode): Promise<void> {
    const other = this.other(node);
    const neighbour = [heartbeatAddress[other.name as NodeName], 'lladdr', other.host.macAddress(heartbeatDevice)];
    await node.host.exec(['ip', 'neigh', 'replace', ...neighbour, 'dev', heartbeatDevice, 'nud', 'permanent']);
  }

  private listenTo(node: PeerNode): void {
    this.wire.listen(node.host, heartbeatDevice, heartbeatAddress[node.name as NodeName]);
  }
}

function groupsOf(setup: Setup): ReadonlyArray<{ readonly address: string; readonly service: string }> {
  return setup.groups === 'two' ? [groupOf.node1, groupOf.node2] : [groupOf.node1];
}

/** The same words as `placement`, from what the views should be. */
function placementOf(wanted: Readonly<Record<NodeName, Holding | 'down'>>, setup: Setup): string {
  const owners = ['node1', 'node2'] as const;
  const places = groupsOf(setup).flatMap(({ address, service }, index) => {
    const owner = owners[index]!;
    const holders = owners.filter((name) => {
      const holding = wanted[name];
      return holding === 'all' || holding === (name === owner ? 'local' : 'foreign');
    });
    return holders.flatMap((name) => [`${address} on ${name}`, `${service} on ${name}`]);
  });
  return places.join(', ');
}

function lossTable(port: string, percent: number): string {
  const rule = `udp dport 694 numgen random mod 100 < ${percent} drop`;
  const chain = `chain c {\ntype filter hook ingress device "${port}" priority 0\n${rule}\n}`;
  return `table netdev loss_${port} {\n${chain}\n}`;
}
