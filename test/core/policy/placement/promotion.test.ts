/** Who is promoted, and what others have to say about it; as crm_simulate 2.1.5 answers for the same CIBs. */
import { describe, expect, it } from 'vitest';
import { meta, primitive } from '../status/status-cib.ts';
import { clone, colocation, group, location, placed, places, promoted, promotedLocation, up } from './placed.ts';

const database = clone('db', primitive('p'), { promotable: 'true' });

function story(
  scoreA: string | undefined,
  scoreB: string | undefined,
  more: { resources?: string; constraints?: string } = {},
) {
  const side = (score: string | undefined) => ({
    history: { p: up },
    ...(score === undefined ? {} : { attributes: { 'master-p': score } }),
  });
  return placed({
    resources: database + (more.resources ?? ''),
    constraints: more.constraints ?? '',
    a: side(scoreA),
    b: side(scoreB),
  });
}

describe('promotion', () => {
  it('goes to the better promotion score', () => {
    expect(places(story('5', '10'), 'p:0', 'p:1')).toEqual(['a Unpromoted', 'b Promoted']);
  });

  it('goes to nobody without a score, unless a location for the role outweighs that', () => {
    expect(places(story(undefined, undefined), 'p:0', 'p:1')).toEqual(['a Unpromoted', 'b Unpromoted']);
    const constraints = promotedLocation('db', 'a', '5');
    expect(places(story(undefined, undefined, { constraints }), 'p:0')).toEqual(['a Promoted']);
  });

  it('follows the wishes of who must be with the promoted instance', () => {
    const constraints = colocation('w', 'db', 'INFINITY', 'with-rsc-role="Promoted"') + location('w', 'a', '50');
    const cluster = story('5', '10', { resources: primitive('w'), constraints });
    expect(places(cluster, 'p:0', 'w')).toEqual(['a Promoted', 'a']);
  });

  it('stays beside what the promoted instance must be with, and without it promotes nobody', () => {
    const constraints = colocation('db', 'w', 'INFINITY', 'rsc-role="Promoted"') + location('w', 'a', '50');
    expect(places(story('5', '10', { resources: primitive('w'), constraints }), 'p:0')).toEqual(['a Promoted']);
    const disabled = primitive('w', meta('w', { 'target-role': 'Stopped' }));
    const without = story('5', '10', { resources: disabled, constraints });
    expect(places(without, 'p:0', 'p:1')).toEqual(['a Unpromoted', 'b Unpromoted']);
  });

  it('keeps two promoted instances apart or together', () => {
    const pair = (score: string) => {
      const side = (p: string, q: string) => ({
        history: { p: up, q: up },
        attributes: { 'master-p': p, 'master-q': q },
      });
      const cluster = placed({
        resources: database + clone('log', primitive('q'), { promotable: 'true' }),
        constraints: colocation('log', 'db', score, 'rsc-role="Promoted" with-rsc-role="Promoted"'),
        a: side('5', '4'),
        b: side('10', '5'),
      });
      return places(cluster, 'p:1', 'q:0', 'q:1');
    };
    expect(pair('INFINITY')).toEqual(['b Promoted', 'a Unpromoted', 'b Promoted']);
    expect(pair('-INFINITY')).toEqual(['b Promoted', 'a Promoted', 'b Unpromoted']);
  });

  it('counts the sum of its members for a group, which is promoted as a whole or not at all', () => {
    const cluster = (managed: string) =>
      placed({
        resources: clone('c', group('g', primitive('p'), primitive('q', meta('q', { 'is-managed': managed }))), {
          promotable: 'true',
        }),
        a: { history: { p: up, q: up }, attributes: { 'master-p': '5' } },
        b: { history: { p: up, q: up }, attributes: { 'master-p': '3', 'master-q': '3' } },
      });
    expect(places(cluster('true'), 'p:0', 'p:1', 'q:1')).toEqual(['a Unpromoted', 'b Promoted', 'b Promoted']);
    expect(places(cluster('false'), 'p:0', 'p:1')).toEqual(['a Unpromoted', 'b Unpromoted']);
  });

  it('reads the score of the very instance where instances are unique', () => {
    const cluster = placed({
      resources: clone('c', primitive('p'), { promotable: 'true', 'globally-unique': 'true', 'clone-max': '2' }),
      a: { history: { 'p:0': up }, attributes: { 'master-p:0': '1', 'master-p': '90' } },
      b: { history: { 'p:1': up }, attributes: { 'master-p:1': '7' } },
    });
    expect(places(cluster, 'p:0', 'p:1')).toEqual(['a Unpromoted', 'b Promoted']);
  });

  it('ends with target-role=Unpromoted, and leaves what is unmanaged promoted', () => {
    const with_ = (pairs: Readonly<Record<string, string>>) =>
      placed({
        resources: clone('c', primitive('p'), { promotable: 'true', ...pairs }),
        a: { history: { p: promoted }, attributes: { 'master-p': '5' } },
        b: { history: { p: up }, attributes: { 'master-p': '50' } },
      });
    expect(places(with_({ 'target-role': 'Unpromoted' }), 'p:0', 'p:1')).toEqual(['a Unpromoted', 'b Unpromoted']);
    expect(places(with_({ 'is-managed': 'false' }), 'p:0', 'p:1')).toEqual(['a Promoted', 'b Unpromoted']);
  });
});
