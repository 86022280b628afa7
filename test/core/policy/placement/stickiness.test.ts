/** How much a resource wants to stay. */
import { describe, expect, it } from 'vitest';
import { applyStickiness } from '../../../../src/core/policy/placement/stickiness.ts';
import { addActive } from '../../../../src/core/policy/status/activity.ts';
import { meta, primitive, resourceOf, unpacked } from '../unpack/unpacked.ts';

function scores(stickiness: string, ...active: readonly number[]): (number | undefined)[] {
  const cluster = unpacked({ resources: primitive('web', meta({ 'resource-stickiness': stickiness })) });
  const web = resourceOf(cluster, 'web');
  for (const index of active) addActive(cluster, web, cluster.nodes[index]!, false);
  applyStickiness(cluster, web);
  return cluster.nodes.map(({ id }) => web.allowed.get(id)?.score);
}

describe('stickiness', () => {
  it('adds to the score of the one node where a resource is active', () => {
    expect(scores('7', 1)).toEqual([0, 7]);
  });

  it('counts nothing where a resource is active twice or not at all', () => {
    expect(scores('7', 0, 1)).toEqual([0, 0]);
    expect(scores('7')).toEqual([0, 0]);
  });

  it('drives nothing away when it is negative', () => {
    expect(scores('-7', 1)).toEqual([0, 0]);
  });
});
