/** One resource and its colocations. Scores and places as crm_simulate 2.1.5 gives them for the same CIBs, unless main differs. */
import { describe, expect, it } from 'vitest';
import { meta, primitive } from '../status/status-cib.ts';
import { colocation, group, location, placed, places, probed, scores, up } from './placed.ts';

const sticky = (id: string, stickiness: string): string =>
  primitive(id, meta(id, { 'resource-stickiness': stickiness }));

describe('choosing a node', () => {
  it('balances the load at a score of zero, even where that moves something', () => {
    const cluster = placed({
      resources: primitive('v') + primitive('w') + primitive('x'),
      a: { history: { v: up, w: up, x: up } },
    });
    expect(places(cluster, 'v', 'w', 'x')).toEqual(['a', 'b', 'a']);
  });

  it('leaves a resource where it is at equal scores above zero', () => {
    const cluster = placed({
      resources: primitive('v') + primitive('w'),
      constraints: location('w', 'a', '5') + location('w', 'b', '5'),
      a: { history: { v: up, w: up } },
    });
    expect(places(cluster, 'w')).toEqual(['a']);
  });

  it('places by priority, then in the order of the configuration', () => {
    const cluster = placed({
      resources: primitive('v') + primitive('w', meta('w', { priority: '5' })),
      constraints: colocation('v', 'w', '-20'),
    });
    expect(places(cluster, 'v', 'w')).toEqual(['b', 'a']);
  });

  it('gives a resource that is unmanaged its present node, and an inactive one none', () => {
    const unmanaged = (id: string): string => primitive(id, meta(id, { 'is-managed': 'false' }));
    const cluster = placed({
      resources: unmanaged('v') + unmanaged('w'),
      constraints: location('v', 'b', '100'),
      a: { history: { v: up } },
    });
    expect(places(cluster, 'v', 'w')).toEqual(['a', '-']);
  });

  it('stops what is disabled, and who must be with it', () => {
    const cluster = placed({
      resources: primitive('v') + primitive('w', meta('w', { 'target-role': 'Stopped' })),
      constraints: colocation('v', 'w'),
      a: { history: { v: up, w: up } },
    });
    expect(places(cluster, 'v', 'w')).toEqual(['-', '-']);
  });
});

describe('colocation', () => {
  it('hears what dependents wish, weighed by the constraint, never down to nothing', () => {
    const one = (score: string) =>
      scores(
        placed({
          resources: primitive('v') + primitive('w'),
          constraints: colocation('w', 'v', score) + location('w', 'b', '30'),
        }),
        'v',
      );
    expect(one('INFINITY')).toBe('0 30');
    expect(one('1000')).toBe('0 1');
    expect(one('-500000')).toBe('0 -15');
  });

  it('rounds as single precision does', () => {
    const cluster = placed({
      resources: primitive('v') + primitive('w'),
      constraints: colocation('w', 'v', '300') + location('w', 'a', '5000'),
    });
    expect(scores(cluster, 'v')).toBe('2 0');
  });

  it('does not hear a dependent without influence once the primary is active', () => {
    const cluster = placed({
      resources: primitive('v') + primitive('w'),
      constraints: colocation('w', 'v', 'INFINITY', 'influence="false"') + location('w', 'b', '30'),
      a: { history: { v: up, w: up } },
    });
    expect(scores(cluster, 'v')).toBe('0 0');
  });

  it('compares the attribute of the nodes that the constraint names', () => {
    const cluster = placed({
      resources: primitive('v') + primitive('w'),
      constraints: colocation('w', 'v', 'INFINITY', 'node-attribute="site"') + location('v', 'a', '5'),
      a: { attributes: { site: 'north' } },
      b: { attributes: { site: 'south' } },
    });
    expect(scores(cluster, 'w')).toBe('0 -INFINITY');
  });

  it('does not apply a finite score that would leave no node', () => {
    const cluster = placed({
      resources: primitive('v') + primitive('w'),
      constraints: colocation('w', 'v', '-500') + location('v', 'b', '-INFINITY') + location('w', 'b', '-INFINITY'),
    });
    expect(places(cluster, 'v', 'w')).toEqual(['a', 'a']);
    expect(scores(cluster, 'w')).toBe('0 -INFINITY');
  });

  it('makes a primary give way to a dependent with one node left, unless it would rather stay', () => {
    const away = (stickiness: string) =>
      places(
        placed({
          resources: sticky('v', stickiness) + primitive('w'),
          constraints: colocation('w', 'v', '-500') + location('w', 'b', '-INFINITY'),
          a: { history: { v: up } },
        }),
        'v',
        'w',
      );
    expect(away('5')).toEqual(['b', 'a']);
    expect(away('INFINITY')).toEqual(['a', 'a']);
  });

  it('breaks a loop silently', () => {
    const cluster = placed({
      resources: primitive('v') + primitive('w') + primitive('x'),
      constraints: colocation('v', 'w') + colocation('w', 'x') + colocation('x', 'v', '30') + location('v', 'b', '5'),
    });
    expect(places(cluster, 'v', 'w', 'x')).toEqual(['b', 'b', 'b']);
  });

  it('takes a positive score from every node while the primary has none', () => {
    const cluster = placed({
      resources: primitive('v', meta('v', { 'target-role': 'Stopped' })) + primitive('w') + primitive('x'),
      constraints: colocation('w', 'v', '-30') + colocation('x', 'v', '30') + location('x', 'a', '50'),
    });
    expect(scores(cluster, 'w')).toBe('0 0');
    expect(scores(cluster, 'x')).toBe('20 -30');
  });
});

describe('groups', () => {
  const web = group('web', sticky('ip', '7'), sticky('fs', '7'), sticky('app', '7'));
  const running = { history: { ip: up, fs: up, app: up } };

  it('add up the stickiness of their active members', () => {
    const cluster = placed({ resources: web, a: running, b: { history: { ip: probed } } });
    expect([scores(cluster, 'ip'), scores(cluster, 'fs'), scores(cluster, 'app')]).toEqual([
      '21 0',
      '14 -INFINITY',
      '7 -INFINITY',
    ]);
  });

  it('keep earlier members where a later one cannot run', () => {
    const cluster = placed({
      resources: group('web', primitive('ip'), primitive('fs'), primitive('app')),
      constraints: location('fs', 'a', '-INFINITY') + location('fs', 'b', '-INFINITY'),
      a: running,
    });
    expect(places(cluster, 'ip', 'fs', 'app')).toEqual(['a', '-', '-']);
  });

  it('carry on only the sign of a constraint to members behind the first', () => {
    const cluster = placed({
      resources: primitive('v') + web,
      constraints: colocation('web', 'v', '-20'),
      a: running,
    });
    expect(scores(cluster, 'v')).toBe('-15 0');
  });

  it('are followed at their last member by who must be with them, at the first by who would like to', () => {
    const disabled = primitive('app', meta('app', { 'target-role': 'Stopped' }));
    const cluster = placed({
      resources: group('web', primitive('ip'), disabled) + primitive('must') + primitive('may'),
      constraints: colocation('must', 'web') + colocation('may', 'web', '30'),
    });
    expect(places(cluster, 'must', 'may')).toEqual(['-', 'a']);
  });

  it('move away for a member with one node left, whatever was only wished', () => {
    const story = {
      resources: web + group('db', sticky('disk', '7'), sticky('sql', '7')),
      constraints: colocation('db', 'web', '-5000') + location('sql', 'b', '-INFINITY'),
      a: { history: { ip: up, fs: up, app: up } },
      b: { history: { disk: up, sql: up } },
    };
    const moved = placed(story);
    expect(places(moved, 'ip', 'app', 'disk', 'sql')).toEqual(['b', 'b', 'a', 'a']);
  });
});

describe('reasons', () => {
  it('tell every change of a score with its constraint, and their sum is the score', () => {
    const cluster = placed({
      resources: sticky('v', '10') + primitive('w'),
      constraints: `<rsc_location id="likes-b" rsc="v" node="b" score="25"/><rsc_colocation id="w-v" rsc="w" with-rsc="v" score="-3"/>`,
      a: { history: { v: up } },
    });
    const of = (id: string) =>
      cluster.contributions
        .filter((each) => each.resource === id)
        .map(({ node, amount, sum, reason }) => [node, amount, sum, reason.kind, reason.constraint ?? '']);
    expect(of('v')).toEqual([
      ['b', 25, 25, 'location', 'likes-b'],
      ['a', 10, 10, 'stickiness', ''],
    ]);
    expect(of('w')).toEqual([['b', -3, -3, 'colocation', 'w-v']]);
  });

  it('say nothing of what was tried and taken back', () => {
    const cluster = placed({
      resources: primitive('v') + primitive('w'),
      constraints: colocation('w', 'v', '-500') + location('v', 'b', '-INFINITY') + location('w', 'b', '-INFINITY'),
    });
    const kinds = cluster.contributions.filter(({ resource }) => resource === 'w').map(({ reason }) => reason.kind);
    expect(kinds).toEqual(['location']);
  });
});
