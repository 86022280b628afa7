/**
 * The demo's story: two nodes come up with the seed configuration, node1 loses power, node2 takes over, node1 returns
 * and gets its resources back, and is then relieved on request. Everything shown was measured while it happened.
 */
import { formatTable } from '../bench/statistics.ts';
import type { Host } from '../lab/host.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import { sleep } from '../lab/machine.ts';
import type { ProbeEvent } from '../lab/measuring.ts';
import { Pair } from '../lab/pair.ts';
import type { Outage, Probe } from '../lab/probe.ts';
import { type SeedOptions, seedAddress, seedConfiguration } from '../lab/seed.ts';
import { accountOf, tellAccount } from './failover-account.ts';
import type { Screen } from './screen.ts';
import { Watcher } from './watcher.ts';

export interface Stage {
  readonly lab: Lab;
  readonly pair: Pair;
  readonly probe: Probe;
  readonly watcher: Watcher;
  readonly screen: Screen;
}

export interface Scene {
  readonly title: string;
  readonly outage: Outage;
}

export async function openStage(timers: SeedOptions, screen: Screen): Promise<Stage> {
  const lab = await createLab();
  const pair = new Pair(lab, timers);
  const watcher = new Watcher(lab, pair, screen);
  const probe = await lab.probe(seedAddress, { onEvent: (event: ProbeEvent) => watcher.clientSees(event) });
  return { lab, pair, probe, watcher, screen };
}

export async function playStory(stage: Stage): Promise<Scene[]> {
  const { lab, pair, probe, screen, watcher } = stage;
  const [node1, node2] = [lab.host('node1'), lab.host('node2')];
  const patienceMs = 30_000 + 10 * pair.options.deadtimeMs + (pair.options.initdeadMs ?? 0);
  const wait = (owner: string) => probe.steady({ owner, steadyMs: 60, timeoutMs: patienceMs });
  const scenes: Scene[] = [];

  const startedUs = lab.nowUs();
  screen.event('heartbeat starts on node1 and node2');
  await Promise.all(lab.hosts.map((host) => pair.start(host)));
  watcher.begin();
  await wait('node1');
  const [first] = await probe.owners(startedUs);
  screen.event(`${seedAddress} is up on node1, ${seconds(first!.fromUs - startedUs)} after the start of both nodes`);
  await rest(stage, patienceMs);

  scenes.push(await powerCut(stage, node1, node2, wait));
  scenes.push(await comesBack(stage, node1, wait));
  await rest(stage, patienceMs);
  scenes.push(await planned(stage, 'hb_standby on node1', 'node2', () => pair.run(node1, 'hb_standby'), wait));
  await rest(stage, patienceMs);
  scenes.push(
    await planned(stage, 'hb_takeover local on node1', 'node1', () => pair.run(node1, 'hb_takeover', 'local'), wait),
  );
  await rest(stage, patienceMs);
  return scenes;
}

export function introduction(timers: SeedOptions, label: string): string[] {
  const { haCf, haresources } = seedConfiguration(timers);
  const shown = /^(keepalive|deadtime|initdead|bcast|auto_failback|node) /;
  return [
    '',
    `  PAIRBEAT  two nodes, one address${label}`,
    '',
    ...haCf
      .split('\n')
      .filter((line) => shown.test(line))
      .map((line) => `    ha.cf        ${line}`),
    `    haresources  ${haresources!.trim()}`,
    '',
  ];
}

export function summary(scenes: readonly Scene[]): string[] {
  const rows = scenes.map(({ title, outage }) => [title, `${outage.before} -> ${outage.after}`, outage.ms.toFixed(1)]);
  const table = formatTable(['what happened', 'address', 'client without it, ms'], rows, 2);
  return ['', ...table.split('\n').map((line) => `  ${line}`), ''];
}

async function powerCut(
  stage: Stage,
  node1: Host,
  node2: Host,
  wait: (owner: string) => Promise<string>,
): Promise<Scene> {
  const { screen, probe, watcher } = stage;
  const atUs = node1.crash();
  screen.event(screen.paint('dead', 'node1 loses its power: every process and every cable at the same instant'), atUs);
  await wait('node2');
  const outage = await probe.move(atUs);
  screen.block(tellAccount(await accountOf(node2, atUs), outage, screen.paint));
  watcher.turn();
  await sleep(1500);
  return { title: 'crash of the owner', outage };
}

async function comesBack(stage: Stage, node1: Host, wait: (owner: string) => Promise<string>): Promise<Scene> {
  const { lab, pair, screen, probe } = stage;
  await node1.boot();
  const atUs = lab.nowUs();
  screen.event('node1 has power again, heartbeat starts');
  await pair.start(node1);
  await wait('node1');
  const outage = await probe.move(atUs);
  screen.event(`failback (auto_failback on): the client was without the address for ${outage.ms.toFixed(1)} ms`);
  return { title: 'failback', outage };
}

async function planned(
  stage: Stage,
  title: string,
  owner: string,
  request: () => Promise<unknown>,
  wait: (owner: string) => Promise<string>,
): Promise<Scene> {
  const { lab, screen, probe } = stage;
  const atUs = lab.nowUs();
  screen.event(title);
  await request();
  await wait(owner);
  const outage = await probe.move(atUs);
  screen.event(`handed over: the client was without the address for ${outage.ms.toFixed(1)} ms`);
  return { title, outage };
}

/** Lets the pair come to rest, and the reader. */
async function rest({ pair, watcher }: Stage, patienceMs: number): Promise<void> {
  await pair.settled(patienceMs);
  watcher.turn();
  await sleep(1200);
}

const seconds = (us: number): string => `${(us / 1e6).toFixed(2)} s`;
