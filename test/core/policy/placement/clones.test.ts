/** Clones, anonymous and unique, and what is colocated with them; as crm_simulate 2.1.5 answers for the same CIBs. */
import { describe, expect, it } from 'vitest';
import { primitive } from '../status/status-cib.ts';
import { clone, colocation, group, location, placed, places, probed, scores, up } from './placed.ts';

const both = { a: { history: { p: up } }, b: { history: { p: up } } };

describe('dealing out instances', () => {
  it('leaves running instances where they are, though another node is better', () => {
    const cluster = placed({
      resources: clone('c', primitive('p')),
      constraints: location('c', 'a', '50'),
      ...both,
    });
    expect(places(cluster, 'p:0', 'p:1')).toEqual(['a', 'b']);
  });

  it('puts one instance on each node, and none where the clone is not wanted', () => {
    const resources = clone('c', primitive('p'));
    expect(places(placed({ resources }), 'p:0', 'p:1')).toEqual(['a', 'b']);
    const avoided = placed({ resources, constraints: location('c', 'a', '-10'), ...both });
    expect(places(avoided, 'p:0', 'p:1')).toEqual(['-', 'b']);
    expect(scores(avoided, 'p:0')).toBe('-INFINITY -INFINITY');
  });

  it('moves the one instance to those who want to be with it', () => {
    const cluster = placed({
      resources: clone('c', primitive('p'), { 'clone-max': '1' }) + primitive('w'),
      constraints: colocation('w', 'c', '500000') + location('w', 'b', '3000'),
      a: { history: { p: up } },
      b: { history: { p: probed } },
    });
    expect(places(cluster, 'p:0', 'w')).toEqual(['b', 'b']);
  });

  it('spreads unique instances evenly, as far as clone-node-max allows', () => {
    const pairs = { 'globally-unique': 'true', 'clone-max': '4' };
    const running = { a: { history: { 'p:0': up, 'p:1': up, 'p:2': up } }, b: { history: { 'p:3': up } } };
    const two = placed({ resources: clone('c', primitive('p'), { ...pairs, 'clone-node-max': '2' }), ...running });
    expect(places(two, 'p:0', 'p:1', 'p:2', 'p:3')).toEqual(['a', 'a', 'b', 'b']);
    const loose = { ...pairs, 'clone-node-max': '4', 'resource-stickiness': '0' };
    const roomy = placed({ resources: clone('c', primitive('p'), loose), ...running });
    expect(places(roomy, 'p:0', 'p:1', 'p:2', 'p:3')).toEqual(['a', 'a', 'b', 'b']);
    const four = placed({
      resources: clone('c', primitive('p'), { ...pairs, 'clone-node-max': '4' }),
      constraints: location('c', 'b', '7000'),
      ...running,
    });
    expect(places(four, 'p:0', 'p:1', 'p:2', 'p:3')).toEqual(['b', 'b', 'b', 'b']);
  });

  it('keeps cloned groups together and never puts two instances on one node', () => {
    const cluster = placed({
      resources: clone('c', group('g', primitive('p'), primitive('q'))) + primitive('w'),
      constraints: location('c', 'a', '5') + colocation('w', 'c', '40') + location('w', 'b', '70'),
      a: { history: { p: up, q: up } },
      b: { history: { p: up, q: up } },
    });
    expect(places(cluster, 'p:0', 'q:0', 'p:1', 'q:1')).toEqual(['a', 'a', 'b', 'b']);
  });
});

describe('colocation with a clone', () => {
  const stopped = location('c', 'a', '-INFINITY');

  it('needs any instance for a resource', () => {
    const cluster = placed({
      resources: clone('c', primitive('p')) + primitive('w'),
      constraints: colocation('w', 'c') + stopped,
    });
    expect(places(cluster, 'w')).toEqual(['b']);
  });

  it('needs the instance on the same node where clones interleave', () => {
    for (const interleave of ['true', 'false']) {
      const cluster = placed({
        resources: clone('c', primitive('p'), { interleave }) + clone('d', primitive('q'), { interleave }),
        constraints: colocation('d', 'c') + stopped,
      });
      expect(places(cluster, 'q:0', 'q:1')).toEqual(['b', '-']);
    }
  });

  it('counts a finite score once for each instance, and against every node for one without a place', () => {
    const cluster = placed({
      resources: clone('c', primitive('p')) + primitive('w'),
      constraints: colocation('w', 'c', '500'),
      b: { state: { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' } },
    });
    expect(scores(cluster, 'w')).toBe('0 -500');
  });
});
