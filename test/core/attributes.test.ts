import { describe, expect, it } from 'vitest';
import { attributesMax, wantAttribute } from '../../src/core/attributes.ts';
import type { PingNodeOptions } from '../../src/core/ping/ping-nodes.ts';
import type { ReachOptions } from '../../src/core/ping/reach-state.ts';
import { LoneNode, ms } from './lone-node.ts';
import { TwoNodes } from './two-nodes.ts';

const watched = (name: string, listed: boolean): PingNodeOptions => ({
  name,
  kind: 'ping',
  targets: [{ address: name, family: 4 }],
  intervalUs: ms(100),
  deadUs: ms(300),
  listed,
});

const pingd = {
  kind: 'pingd',
  multiplier: 100,
  dampenMs: 500,
  attribute: 'pingd',
  hosts: [],
  intervalMs: 100,
  attempts: 3,
} as const;

const reach: ReachOptions = {
  pingNodes: [watched('10.9.0.1', true), watched('10.9.0.2', true), watched('10.9.0.3', false)],
  ipfail: false,
  pingd: [pingd, { ...pingd, attribute: 'uplink', hosts: ['10.9.0.3'], multiplier: 1, dampenMs: 0 }],
};

const own = (pair: TwoNodes, name: 'node1' | 'node2' = 'node1') =>
  Object.fromEntries(pair.members[name].engine.node.attributes.own);
const told = (pair: TwoNodes) => Object.fromEntries(pair.members.node2.engine.node.attributes.peer);

describe('pingd', () => {
  it('keeps the multiplier times the ping nodes that answer, after the dampening, and tells the peer', () => {
    const pair = TwoNodes.settled({ reach });
    expect(own(pair)).toEqual({ uplink: '1' });
    pair.run(600);
    expect(own(pair)).toEqual({ pingd: '200', uplink: '1' });
    expect(told(pair)).toEqual({ pingd: '200', uplink: '1' });
  });

  it('follows a change that lasts, and not one that does not', () => {
    const pair = TwoNodes.settled({ reach }).run(600);
    pair.reaches = (name, address) => name === 'node2' || address !== '10.9.0.1';
    pair.run(600);
    expect(own(pair)['pingd']).toBe('200');
    pair.reaches = () => true;
    pair.run(1500);
    expect(pair.members.node1.log.filter((code) => code === 'attribute-changed')).toHaveLength(2);
    pair.reaches = (name, address) => name === 'node2' || address !== '10.9.0.1';
    pair.run(1000);
    expect(own(pair)['pingd']).toBe('100');
    expect(own(pair, 'node2')['pingd']).toBe('200');
    expect(told(pair)['pingd']).toBe('100');
  });

  it('watches hosts of its own beside the ping nodes', () => {
    const pair = TwoNodes.settled({ reach }).run(600);
    pair.reaches = (_name, address) => address !== '10.9.0.3';
    pair.run(500);
    expect(own(pair)).toEqual({ pingd: '200', uplink: '0' });
    // They do not count for anything else.
    expect(pair.members.node2.engine.node.peer.report?.pings).toEqual({ live: 2 });
  });
});

describe('attributes', () => {
  it('carry any printable value to the peer', () => {
    const pair = TwoNodes.settled({ reach });
    const { node } = pair.members.node1.engine;
    wantAttribute(node, 'odd', 'a b=c %20 ', 0);
    pair.run(200);
    expect(told(pair)['odd']).toBe('a b=c %20 ');
  });

  it('are bounded in number, name and value', () => {
    const node = LoneNode.settled();
    const { state } = node;
    for (let index = 0; index < attributesMax; index++) expect(wantAttribute(state, `name${index}`, '1', 0)).toBe(true);
    expect(wantAttribute(state, 'more', '1', 0)).toBe(false);
    expect(wantAttribute(state, 'name1', '2', 0)).toBe(true);
    for (const [name, value] of [
      ['', '1'],
      ['a b', '1'],
      ['a'.repeat(65), '1'],
      ['name2', 'x'.repeat(257)],
      ['name2', 'line\nbreak'],
    ] as const)
      expect(wantAttribute(state, name, value, 0), name).toBe(false);
  });

  it('of the peer are those of its last keepalive', () => {
    const pair = TwoNodes.settled({ reach }).run(600);
    pair.members.node1.engine.node.attributes.own.delete('pingd');
    // Taken away behind the core's back: it may not take the next keepalive for one that changes nothing.
    pair.members.node1.engine.node.rest = undefined;
    pair.run(300);
    expect(told(pair)).toEqual({ uplink: '1' });
  });
});
