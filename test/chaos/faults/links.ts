/** Faults of the network, made at the switch: nothing on the node knows. */
import type { Host } from '../../lab/host.ts';
import { sleep } from '../../lab/machine.ts';
import { exec, execOrThrow } from '../../lab/processes.ts';
import { groups } from '../configuration.ts';
import type { PlannedFault } from '../plan.ts';
import type { World } from '../world.ts';
import { type FaultKind, runningHost, type Undo } from './fault-kind.ts';

const short: readonly [number, number] = [150, 4000];

export const linkFaults: readonly FaultKind[] = [
  {
    name: 'link cut',
    class: 'link',
    mayDouble: true,
    weight: 3,
    durationMs: short,
    begin: (world, fault) => cut(world, fault, [fault.device]),
  },
  {
    name: 'every link cut',
    class: 'link',
    mayDouble: true,
    weight: 4,
    durationMs: short,
    begin: (world, fault) => cut(world, fault, ['eth0', 'eth1']),
  },
  {
    name: 'one way lost',
    class: 'link',
    mayDouble: true,
    weight: 3,
    durationMs: short,
    begin: async (world, fault) => {
      const host = runningHost(world, fault.node);
      const devices = fault.amount < 0.7 ? ['eth0', 'eth1'] : [fault.device];
      const ports = devices.map((device) => host.port(device));
      for (const device of devices) await host.cut({ device, direction: fault.direction });
      return async () => {
        await healed(host, devices);
        // The rules of a port outlive it, when the machine has lost its power meanwhile.
        for (const port of ports) await exec('nft', ['delete', 'table', 'netdev', `cut_${port}_${fault.direction}`]);
      };
    },
  },
  {
    name: 'link flaps',
    class: 'link',
    mayDouble: true,
    weight: 2,
    durationMs: [800, 5000],
    begin: async (world, fault) => {
      const host = runningHost(world, fault.node);
      const devices = fault.amount < 0.5 ? ['eth0', 'eth1'] : [fault.device];
      let going = true;
      const flapping = (async () => {
        for (let up = false; going; up = !up) {
          if (host.running) await (up ? healed(host, devices) : cutAll(host, devices));
          await sleep(100 + 600 * fault.amount);
        }
      })();
      return async () => {
        going = false;
        await flapping;
        await healed(host, devices);
      };
    },
  },
  {
    name: 'device down',
    class: 'link',
    mayDouble: true,
    weight: 2,
    durationMs: [300, 3000],
    begin: async (world, fault) => {
      const host = runningHost(world, fault.node);
      await host.exec(['ip', 'link', 'set', fault.device, 'down']);
      return async () => void (host.running && (await host.exec(['ip', 'link', 'set', fault.device, 'up'])));
    },
  },
  {
    name: 'small MTU',
    class: 'link',
    mayDouble: true,
    weight: 1,
    durationMs: [500, 4000],
    begin: async (world, fault) => {
      const host = runningHost(world, fault.node);
      const mtu = String(Math.round(100 + 400 * fault.amount));
      await host.exec(['ip', 'link', 'set', fault.device, 'mtu', mtu]);
      return async () => void (host.running && (await host.exec(['ip', 'link', 'set', fault.device, 'mtu', '1500'])));
    },
  },
  ruled('random loss', 2, ({ amount }) => [`numgen random mod 100 < ${percent(amount, 10, 80)} drop`]),
  ruled('every nth packet lost', 1, ({ amount }) => [`numgen inc mod ${2 + Math.floor(amount * 3)} 0 drop`]),
  ruled('flipped bytes', 2, ({ amount }) => [
    // The payload of a UDP packet begins 64 bits behind its header; a packet too short for the place is left alone.
    ...[0, 5, 40, 111, 222].map(
      (place) =>
        `meta protocol ip udp dport 694 numgen random mod 100 < ${percent(amount, 2, 30)} @th,${64 + 8 * place},8 set 0x58`,
    ),
  ]),
  ruled('packets doubled', 1, ({ node, device }, world) => [
    `meta protocol ip udp dport 694 dup to "${peerPort(world, node, device)}"`,
  ]),
  ruled('rate limited', 1, ({ amount }) => [`limit rate over ${percent(amount, 5, 40)}/second burst 3 packets drop`]),
  ruled('large packets lost', 1, ({ amount }) => [`meta length > ${percent(amount, 80, 700)} drop`]),
  relayed('relay delays', 3, ({ amount }) => ({ delayMs: percent(amount, 50, 3000) })),
  relayed('relay reorders', 3, ({ amount }) => ({ jitterMs: percent(amount, 50, 2500) })),
  relayed('relay damages', 2, ({ amount }) => ({
    damagePercent: percent(amount, 5, 60),
    cutShortPercent: percent(1 - amount, 1, 20),
  })),
  relayed('relay repeats and loses', 2, ({ amount }) => ({
    repeatPercent: percent(amount, 10, 100),
    lossPercent: percent(1 - amount, 5, 60),
  })),
  relayed('relay plays old packets', 3, ({ amount }) => ({ oldPercent: percent(amount, 10, 100) })),
  {
    name: 'address clash',
    class: 'link',
    weight: 1,
    durationMs: [300, 2500],
    begin: async (world, fault) => {
      const address = groups.find((group) => group.service === fault.service)!.address;
      await world.lab.client.exec(['ip', 'address', 'add', `${address}/32`, 'dev', 'eth0']);
      return async () => {
        await world.lab.client.exec(['ip', 'address', 'del', `${address}/32`, 'dev', 'eth0']);
      };
    },
  },
];

async function cut(world: World, fault: PlannedFault, devices: readonly string[]): Promise<Undo> {
  const host = runningHost(world, fault.node);
  await cutAll(host, devices);
  return () => healed(host, devices);
}

async function cutAll(host: Host, devices: readonly string[]): Promise<void> {
  for (const device of devices) await host.cut({ device });
}

/** A host that has lost its power meanwhile has new cables. */
async function healed(host: Host, devices: readonly string[]): Promise<void> {
  if (!host.running) return;
  for (const device of devices) await host.heal({ device });
}

let ruleNumber = 0;

/** Rules of nftables on frames that come from the node, where they enter the switch. */
function ruled(
  name: string,
  weight: number,
  rules: (fault: PlannedFault, world: World) => readonly string[],
): FaultKind {
  return {
    name,
    class: 'link',
    mayDouble: true,
    weight,
    durationMs: [300, 4000],
    begin: async (world, fault) => {
      const host = runningHost(world, fault.node);
      ruleNumber += 1;
      const table = `chaos${ruleNumber}`;
      const hook = `type filter hook ingress device "${host.port(fault.device)}" priority 0;`;
      const text = `table netdev ${table} {\nchain c {\n${hook}\n${rules(fault, world).join('\n')}\n}\n}\n`;
      await execOrThrow('nft', ['-f', '-'], text);
      return async () => void (await exec('nft', ['delete', 'table', 'netdev', table]));
    },
  };
}

function relayed(
  name: string,
  weight: number,
  mood: (fault: PlannedFault) => Parameters<World['relay']['be']>[0],
): FaultKind {
  return {
    name,
    class: 'link',
    mayDouble: true,
    weight,
    durationMs: [500, 6000],
    begin: async (world, fault) => {
      const host = runningHost(world, fault.node);
      await world.relay.be(mood(fault));
      // The relay matters most where it is the only way.
      const alone = fault.device === 'eth0';
      if (alone) await host.cut({ device: 'eth0' });
      return async () => {
        await world.relay.be({});
        if (alone) await healed(host, ['eth0']);
      };
    },
  };
}

function peerPort(world: World, node: string, device: string): string {
  return world.lab.hosts.find((host) => host.name !== node)!.port(device);
}

const percent = (amount: number, low: number, high: number): number => Math.round(low + amount * (high - low));
