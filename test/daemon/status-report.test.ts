import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultPlace } from '../../src/daemon/host-cache.ts';
import { buildStatus } from '../../src/daemon/status-report.ts';
import type { NodeReport, StatusReport } from '../../src/protocol/status.ts';
import { expectGolden } from '../golden.ts';
import { address, bootPair, createTwinDaemon, letTimeGo, pass, stopTime, type TwinDaemon } from './twin-daemon.ts';

const started: TwinDaemon[] = [];

beforeEach(stopTime);
afterEach(() => {
  for (const daemon of started.splice(0)) daemon.kill();
  letTimeGo();
});

async function pair(): Promise<readonly [TwinDaemon, TwinDaemon]> {
  const nodes = await bootPair();
  started.push(...nodes);
  return nodes;
}

function statusOf({ engine, configuration, clock, recorder }: TwinDaemon, failedLinks: readonly string[] = []) {
  const nowUs = clock.nowUs();
  return buildStatus({
    ...{ engine, configuration, nowUs, version: '0.1.0', pid: 4711, hostPid: 4712 },
    failedLinks: new Set(failedLinks),
    lastFailover: recorder.lastFailover(nowUs),
    counters: { controlClients: 3 },
    placeOf: () => defaultPlace,
  });
}

/** Everything but the counts of packets; times to a tenth of a second, which is what these situations are apart. */
function golden(name: string, status: StatusReport): void {
  const { counters: _counters, ...rest } = status;
  const rounded = JSON.stringify(
    rest,
    (key, value: unknown) => (typeof value === 'number' && key.endsWith('Ms') ? Math.round(value / 100) * 100 : value),
    2,
  )
    .replace(rest.configuration.digest, 'DIGEST')
    .replace(/After a cut of \d+ ms/, 'After a cut of SOME ms');
  const prefix = rest.configuration.digest.slice(0, 16);
  expectGolden(
    join(import.meta.dirname, 'golden', `status-${name}.txt`),
    `${rounded.replaceAll(prefix, 'DIGEST PREFIX')}\n`,
  );
  expect(JSON.parse(JSON.stringify(status))).toEqual(status);
}

const peerOf = (status: StatusReport): NodeReport => status.nodes.find(({ self }) => !self)!;
const theirs = (status: StatusReport): string[] => status.groups.map(({ holdings }) => holdings['node2'] ?? '(none)');

describe('status', () => {
  it('of a pair in which each runs its own', async () => {
    const [node1] = await pair();
    const status = statusOf(node1);
    golden('joint', status);
    expect(theirs(status)).toEqual(['stopped', 'running']);
    expect(status.counters).toMatchObject({ controlClients: 3 });
  });

  it('before the peer was ever heard: nothing is said in its name', async () => {
    const daemon = createTwinDaemon('node1');
    started.push(daemon);
    await daemon.boot();
    await pass(1000);
    const status = statusOf(daemon);
    golden('never-heard', status);
    expect(theirs(status)).toEqual(['unknown', 'unknown']);
    expect(peerOf(status)).toMatchObject({ status: 'init', product: 'unknown' });
    expect(peerOf(status)).not.toHaveProperty('lastHeardMs');
    expect(status.groups[0]).not.toHaveProperty('peerStatementMs');
    await pass(2000);
    expect(peerOf(statusOf(daemon)).status).toBe('dead');
  });

  it('of a node that took over on silence: what the dead peer said is stale, and no statement any more', async () => {
    const [node1, node2] = await pair();
    node2.kill();
    await pass(2000);
    const status = statusOf(node1);
    golden('peer-silent', status);
    // S20
    expect(theirs(status)).toEqual(['unknown', 'unknown']);
    expect(status.protection.state).toBe('UNPROTECTED');
    expect(status.lastFailover).toMatchObject({ kind: 'crash', from: 'node2' });
  });

  it('of a node whose peer has stopped and said so', async () => {
    const [node1, node2] = await pair();
    node2.driver.requestStop();
    await pass(500);
    node2.kill();
    const status = statusOf(node1);
    golden('peer-left', status);
    expect(theirs(status)).toEqual(['stopped', 'stopped']);
    expect(status.protection.state).toBe('CANNOT FAIL OVER');
  });

  it('of a node that could not stop a group', async () => {
    const [node1, node2] = await pair();
    node1.agents.behave('web', 'stop-fails');
    void node1.driver.command({ verb: 'standby', scope: 'all' }, 'root');
    await pass(60_000);
    golden('stop-failed', statusOf(node1));
    expect(statusOf(node2).groups[0]?.holdings).toEqual({ node1: 'stop-failed', node2: 'stopped' });
  });

  it('of a node that could not start a group: the peer runs it', async () => {
    const [node1, node2] = await pair();
    void node1.driver.command({ verb: 'standby', scope: 'all' }, 'root');
    await pass(500);
    node1.agents.behave('web', 'start-fails');
    void node2.driver.command({ verb: 'standby', scope: 'foreign' }, 'root');
    await pass(2000);
    const status = statusOf(node1);
    golden('start-failed', status);
    expect(status.groups[0]?.holdings).toEqual({ node1: 'start-failed', node2: 'running' });
  });

  it('of a node whose peer does not hear it', async () => {
    const [node1] = await pair();
    for (const { id } of node1.configuration.links) node1.station.failSending(id, 'ENETDOWN');
    await pass(2500);
    const status = statusOf(node1);
    golden('peer-deaf', status);
    expect(status.protection.state).toBe('CANNOT FAIL OVER');
  });

  it('of a node with a link of its own that does not work', async () => {
    const [node1] = await pair();
    const status = statusOf(node1, ['bcast/eth0']);
    golden('own-link-failed', status);
    const [own, other] = status.nodes.map(({ links }) => links.map(({ up }) => up));
    expect(own).toEqual([false, true]);
    expect(other).toEqual([true, true]);
  });

  it('after an own pause: nothing that the peer said before counts', async () => {
    const [node1] = await pair();
    node1.driver.feed({ to: 'node', event: { type: 'guardianActed', nowUs: node1.clock.nowUs(), inventory: [] } });
    const status = statusOf(node1);
    expect(theirs(status)).toEqual(['unknown', 'unknown']);
    expect(status.resourceStatus).toBe('transition');
    expect(status.alarms.map(({ code }) => code)).toEqual(['guardian-acted']);
    expect(status.protection.state).toBe('CANNOT FAIL OVER');
  });

  it('names every group in words that an administrator can act on', async () => {
    const [node1] = await pair();
    const [own] = statusOf(node1).groups;
    expect(own).toMatchObject({ key: address, owner: 'node1', resources: [address, 'web'] });
    expect(own?.because).toBe('node2 said that it does not run it.');
  });
});
