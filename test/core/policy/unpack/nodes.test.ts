/** Nodes in their order, with what is known of them. */
import { describe, expect, it } from 'vitest';
import { compareNodeNames } from '../../../../src/core/policy/unpack/nodes.ts';
import { pairs, params, unpacked, utilization, warningsOf } from './unpacked.ts';

describe('nodes', () => {
  it('are sorted by name, numbers by value, letters of either case alike', () => {
    const nodes = ['node10', 'Node2', 'node1', 'alpha'].map((name, id) => `<node id="${String(id)}" uname="${name}"/>`);
    expect(unpacked({ nodes: nodes.join('') }).nodes.map(({ name }) => name)).toEqual([
      'alpha',
      'node1',
      'Node2',
      'node10',
    ]);
    expect(compareNodeNames('n007', 'n7')).toBeGreaterThan(0);
    expect(compareNodeNames('n1', 'n1a')).toBeLessThan(0);
    expect(compareNodeNames('n1', 'n1')).toBe(0);
  });

  it('have what is built in, and what the configuration says cannot change that', () => {
    const nodes = `<node id="1" uname="a">${params({ '#uname': 'z', site: 'north' })}</node><node id="2" uname="b"/>`;
    const [a, b] = unpacked({ nodes, properties: pairs({ 'cluster-name': 'pair' }) }).nodes;
    expect(Object.fromEntries(a!.attributes)).toEqual({
      '#uname': 'a',
      '#id': '1',
      '#kind': 'cluster',
      '#is_dc': 'true',
      '#cluster-name': 'pair',
      '#site-name': 'pair',
      site: 'north',
    });
    expect(b!.attributes.get('#is_dc')).toBe('false');
  });

  it('have transient attributes that win over permanent ones', () => {
    const nodes = `<node id="1" uname="a">${params({ x: 'permanent', y: 'permanent', 'site-name': 'here' })}</node>`;
    const status = `<node_state id="1" uname="a"><transient_attributes id="1">${params({ x: 'transient' })}</transient_attributes></node_state>`;
    const [a] = unpacked({ nodes, status }).nodes;
    expect([a!.attributes.get('x'), a!.attributes.get('y'), a!.attributes.get('#site-name')]).toEqual([
      'transient',
      'permanent',
      'here',
    ]);
  });

  it('are unclean until seen, unless start-up fencing is off', () => {
    const status = '<node_state id="1" uname="a"/><node_state id="9" uname="stranger"/>';
    expect(unpacked({ status }).nodes.map(({ unseen, unclean }) => [unseen, unclean])).toEqual([
      [false, true],
      [true, true],
    ]);
    const properties = pairs({ 'startup-fencing': 'false' });
    expect(unpacked({ properties }).nodes.map(({ unclean }) => unclean)).toEqual([false, false]);
  });

  it('have capacities, a base score and a kind', () => {
    const nodes = `<node id="1" uname="a" score="7">${utilization({ cpu: '4', memory: 'much' })}</node><node id="2" uname="b" type="ping"/><node id="3" uname="c" type="what"/>`;
    const cluster = unpacked({ nodes });
    expect([...cluster.nodes[0]!.utilization]).toEqual([
      ['cpu', 4],
      ['memory', 0],
    ]);
    expect(cluster.nodes.map(({ kind, baseScore }) => [kind, baseScore])).toEqual([
      ['member', 7],
      ['ping', 0],
      ['ping', 0],
    ]);
    expect(warningsOf(cluster)).toEqual(['node-type-unknown']);
  });
});
