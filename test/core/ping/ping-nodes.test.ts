import { describe, expect, it } from 'vitest';
import {
  beginAsking,
  createPingNodes,
  livePingNodes,
  type PingNodeOptions,
  pingAnswered,
  pingDeadline,
  stepPingNodes,
} from '../../../src/core/ping/ping-nodes.ts';

const ms = (milliseconds: number): number => milliseconds * 1000;

function node(name: string, addresses: readonly string[] = [name]): PingNodeOptions {
  const targets = addresses.map((address) => ({ address, family: 4 as const }));
  const kind = addresses.length > 1 ? 'ping_group' : 'ping';
  return { name, kind, targets, intervalUs: ms(100), deadUs: ms(500), listed: true };
}

function begun(...options: PingNodeOptions[]) {
  const nodes = createPingNodes(options);
  beginAsking(nodes, ms(1000));
  return nodes;
}

const changesAt = (nodes: ReturnType<typeof begun>, atMs: number) =>
  stepPingNodes(nodes, ms(atMs)).changes.map(({ node: one, former }) => `${one.options.name} ${former}>${one.status}`);

describe('ping nodes', () => {
  it('are asked once an interval, each address once', () => {
    const nodes = begun(node('10.0.0.1'), node('group1', ['10.0.0.2', '10.0.0.1']));
    const asked = (atMs: number) => stepPingNodes(nodes, ms(atMs)).ask.map((target) => target.address);
    expect(asked(1000)).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(asked(1050)).toEqual([]);
    expect(pingDeadline(nodes)).toBe(ms(1100));
    expect(asked(1100)).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  it('are up with the first answer and dead after deadping', () => {
    const nodes = begun(node('10.0.0.1'));
    stepPingNodes(nodes, ms(1000));
    expect(nodes[0]!.status).toBe('init');
    expect(pingAnswered(nodes, '10.0.0.1', ms(1001)).map((change) => change.former)).toEqual(['init']);
    expect(livePingNodes(nodes)).toBe(1);
    for (let atMs = 1100; atMs <= 1500; atMs += 100) expect(changesAt(nodes, atMs)).toEqual([]);
    expect(pingDeadline(nodes)).toBe(ms(1501));
    expect(changesAt(nodes, 1501)).toEqual(['10.0.0.1 ping>dead']);
    expect(livePingNodes(nodes)).toBe(0);
    expect(pingAnswered(nodes, '10.0.0.1', ms(2000))).toHaveLength(1);
  });

  it('that never answer are dead after deadping', () => {
    const nodes = begun(node('10.0.0.1'));
    for (let atMs = 1000; atMs < 1500; atMs += 100) expect(changesAt(nodes, atMs)).toEqual([]);
    expect(changesAt(nodes, 1500)).toEqual(['10.0.0.1 init>dead']);
  });

  it('a group is up while any member answers', () => {
    const nodes = begun(node('group1', ['10.0.0.2', '10.0.0.3']));
    for (let atMs = 1000; atMs <= 3000; atMs += 100) {
      stepPingNodes(nodes, ms(atMs));
      pingAnswered(nodes, atMs < 2000 ? '10.0.0.2' : '10.0.0.3', ms(atMs + 1));
      expect(nodes[0]!.status).toBe('ping');
    }
  });

  it('a group without members is dead', () => {
    const nodes = begun(node('group1', []));
    for (let atMs = 1000; atMs <= 1500; atMs += 100) stepPingNodes(nodes, ms(atMs));
    expect(nodes[0]!.status).toBe('dead');
  });

  it('an answer of an address that nobody named changes nothing', () => {
    const nodes = begun(node('10.0.0.1'));
    expect(pingAnswered(nodes, '10.0.0.9', ms(1001))).toEqual([]);
    expect(livePingNodes(nodes)).toBe(0);
  });

  it('are not blamed for a pause of this node', () => {
    const nodes = begun(node('10.0.0.1'));
    stepPingNodes(nodes, ms(1000));
    pingAnswered(nodes, '10.0.0.1', ms(1001));
    stepPingNodes(nodes, ms(1100));
    // Asleep for five seconds: the answer may still wait in the socket.
    expect(changesAt(nodes, 6000)).toEqual([]);
    expect(pingAnswered(nodes, '10.0.0.1', ms(6001))).toEqual([]);
    for (let atMs = 6100; atMs < 6500; atMs += 100) expect(changesAt(nodes, atMs)).toEqual([]);
    for (let atMs = 6500; atMs < 6600; atMs += 1) stepPingNodes(nodes, ms(atMs));
    expect(nodes[0]!.status).toBe('dead');
  });

  it('that only pingd watches do not count', () => {
    const nodes = begun({ ...node('10.0.0.1'), listed: false });
    pingAnswered(nodes, '10.0.0.1', ms(1001));
    expect(livePingNodes(nodes)).toBe(0);
  });

  it('without any, there is nothing to wait for', () => {
    expect(pingDeadline(begun())).toBeUndefined();
    expect(pingDeadline(createPingNodes([node('10.0.0.1')]))).toBeUndefined();
  });
});
