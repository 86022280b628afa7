import { describe, expect, it } from 'vitest';
import { Holdings } from './holdings.ts';

describe('holdings', () => {
  it('see no overlap when one lets go before the other begins', () => {
    const holdings = new Holdings();
    holdings.begin('vip', 'node1', 0);
    holdings.end('vip', 'node1', 1000);
    holdings.begin('vip', 'node2', 1000);
    expect(holdings.overlapSpells(5000)).toEqual([]);
    expect(holdings.nodesOf('vip')).toEqual(['node2']);
  });

  it('count an overlap from the second holder to the first that lets go', () => {
    const holdings = new Holdings();
    holdings.begin('vip', 'node1', 0);
    holdings.begin('vip', 'node2', 2000);
    holdings.addAwake('vip', 1000);
    holdings.end('vip', 'node1', 5000);
    expect(holdings.overlapSpells(9000)).toEqual([
      { resource: 'vip', nodes: ['node1', 'node2'], fromUs: 2000, toUs: 5000, awakeMs: 1 },
    ]);
  });

  it('show an overlap that still lasts', () => {
    const holdings = new Holdings();
    holdings.begin('vip', 'node1', 0);
    holdings.begin('vip', 'node2', 2000);
    expect(holdings.overlapSpells(4000)).toMatchObject([{ fromUs: 2000, toUs: 4000 }]);
    expect(holdings.openOverlaps()).toEqual([{ resource: 'vip', nodes: ['node1', 'node2'] }]);
  });

  it('two processes of one node are one holder, which ends with the last of them', () => {
    const holdings = new Holdings();
    holdings.begin('service', 'node1', 0);
    holdings.begin('service', 'node1', 10);
    holdings.end('service', 'node1', 20);
    expect(holdings.nodesOf('service')).toEqual(['node1']);
    holdings.begin('service', 'node2', 30);
    holdings.end('service', 'node1', 40);
    expect(holdings.overlapSpells(50)).toMatchObject([{ fromUs: 30, toUs: 40 }]);
  });

  it('power off ends all that a node held', () => {
    const holdings = new Holdings();
    holdings.begin('vip', 'node1', 0);
    holdings.begin('service', 'node1', 0);
    holdings.begin('service', 'node1', 5);
    holdings.endAll('node1', 100);
    holdings.begin('vip', 'node2', 100);
    expect(holdings.overlapSpells(200)).toEqual([]);
    expect(holdings.holdingSpells()).toEqual([
      { resource: 'vip', node: 'node1', fromUs: 0, toUs: 100 },
      { resource: 'service', node: 'node1', fromUs: 0, toUs: 100 },
      { resource: 'vip', node: 'node2', fromUs: 100 },
    ]);
  });
});
