/**
 * The machines, the pair, and everything around them that a fault may touch: two hosts on two networks, the relay on the
 * second one, the watcher, what each daemon says of itself ten times a second, and the hand that gives power and starts
 * daemons again as a data centre does.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../lab/host.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import type { Observer } from '../lab/probe.ts';
import { storageDirectory } from '../lab/storage.ts';
import { Board, boardConfiguration, installBoard } from './board.ts';
import { setClock } from './clock.ts';
import {
  type ChaosNode,
  configurationOf,
  groups,
  nodeNames,
  type ProtectionKind,
  relayAddress,
  relayPort,
  writerProgram,
  writerScript,
} from './configuration.ts';
import { Relay } from './relay.ts';
import { StatusPoller } from './status-poller.ts';
import { Supervisor } from './supervisor.ts';
import { Watcher } from './watcher.ts';

export interface World {
  readonly lab: Lab;
  readonly protection: ProtectionKind;
  readonly sharedDirectory: string;
  readonly relay: Relay;
  readonly watcher: Watcher;
  readonly observers: ReadonlyMap<string, Observer>;
  readonly supervisors: ReadonlyMap<ChaosNode, Supervisor>;
  readonly status: StatusPoller;
  /** The fence device; absent without protection. */
  readonly board: Board | undefined;
  readonly close: () => Promise<void>;
}

export interface WorldOptions {
  readonly protection: ProtectionKind;
  readonly seed: number;
}

/** The disk that the daemon keeps its state and its journal on, so that it alone can be full or read-only. */
const stateBytes = 160 * 1024 * 1024;
/** A question for each address so often; a lab with one address asks five times as often. */
const askEveryMs = 5;

let worldNumber = 0;

export async function openWorld({ protection, seed }: WorldOptions): Promise<World> {
  worldNumber += 1;
  const sharedDirectory = storageDirectory(`shared${worldNumber}`);
  writeFileSync(join(sharedDirectory, 'writers'), '');
  const lab = await createLab({ client: { eth0: ['192.168.1.200/24'], eth1: [`${relayAddress}/24`] } });
  for (const host of lab.hosts) await prepare(host, sharedDirectory, protection);
  const between = ['10.0.9.103', '10.0.9.121'] as const;
  const relay = await Relay.start(lab.client, { address: relayAddress, port: relayPort, between, seed });
  const addresses = groups.map((group) => group.address);
  const watcher = await Watcher.start(
    sharedDirectory,
    addresses,
    groups.map((group) => group.service),
  );
  const observers = new Map<string, Observer>();
  for (const address of addresses) observers.set(address, await lab.observe(address, askEveryMs));
  const supervisors = new Map(nodeNames.map((name) => [name, new Supervisor(lab.host(name), watcher)]));
  const status = new StatusPoller(lab);
  const board = protection === 'fence' ? Board.open(sharedDirectory, supervisors) : undefined;
  for (const supervisor of supervisors.values()) supervisor.begin();
  status.begin();
  const close = async (): Promise<void> => {
    status.end();
    for (const supervisor of supervisors.values()) await supervisor.end();
    await board?.close();
    await relay.stop();
    await watcher.stop();
    for (const observer of observers.values()) await observer.stop();
    await lab.close();
    for (const host of lab.hosts) execFileSync('umount', [host.stateDirectory]);
  };
  return { lab, protection, sharedDirectory, relay, watcher, observers, supervisors, status, board, close };
}

/** The machine is booted again, for what is mounted from outside must be there before its first process is. */
async function prepare(host: Host, sharedDirectory: string, protection: ProtectionKind): Promise<void> {
  host.crash();
  mkdirSync(host.stateDirectory, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=0755,size=${stateBytes}`, 'pairbeat-lab', host.stateDirectory]);
  const isProtected = protection === 'fence';
  const [haCf, pairbeat] = isProtected ? [boardConfiguration.haCf, boardConfiguration.pairbeat] : [[], []];
  host.writeConfiguration(configurationOf(haCf, pairbeat));
  if (isProtected) installBoard(host, sharedDirectory);
  setClock(host, 0);
  host.writeFile('resource.d/writer', writerScript, 0o755);
  host.writeFile('chaos/writer', writerProgram(sharedDirectory), 0o755);
}

export function otherNode(name: ChaosNode): ChaosNode {
  return name === 'node1' ? 'node2' : 'node1';
}
