/** What speaks for or against nodes before anything is placed; as crm_simulate 2.1.5 answers for the same CIBs. */
import { describe, expect, it } from 'vitest';
import { parseCib, printCib } from '../../../../src/core/cib/xml.ts';
import { unpackCluster } from '../../../../src/core/policy/unpack/cluster.ts';
import { cibText, meta, primitive } from '../status/status-cib.ts';
import { clone, group, location, placed, places, promoted, scores, up } from './placed.ts';

describe('node health', () => {
  const health = (strategy: string) =>
    scores(
      placed({
        resources: primitive('v'),
        options: {
          'node-health-strategy': strategy,
          'node-health-base': '3',
          'node-health-red': '-77',
          'node-health-yellow': '-20',
          'node-health-green': '7',
        },
        a: { attributes: { '#health-x': 'red', '#health-y': '12' } },
        b: { attributes: { '#health-x': 'yellow', '#health-z': 'green' } },
      }),
      'v',
    );

  it.each([
    ['none', '0 0'],
    ['migrate-on-red', '-INFINITY 0'],
    ['only-green', '-INFINITY -INFINITY'],
    ['progressive', '-62 -10'],
    ['custom', '-65 -13'],
  ])('%s', (strategy, expected) => {
    expect(health(strategy)).toBe(expected);
  });
});

describe('nodes that must be allowed', () => {
  const options = { 'symmetric-cluster': 'false' };

  it('are those that a location names, with any score; stickiness alone allows nothing', () => {
    const cluster = placed({
      resources:
        primitive('v', meta('v', { 'resource-stickiness': '50' })) + group('g', primitive('p'), primitive('q')),
      options,
      constraints: location('v', 'b', '5') + location('g', 'a', '0'),
      a: { history: { v: up } },
    });
    expect(places(cluster, 'v', 'p', 'q')).toEqual(['b', 'a', 'a']);
  });

  it('are those with exclusive discovery, where one is', () => {
    const cluster = placed({
      resources: primitive('v') + clone('c', primitive('p')),
      constraints:
        location('v', 'b', '0', 'resource-discovery="exclusive"') +
        location('c', 'a', '0', 'resource-discovery="exclusive"'),
    });
    expect(scores(cluster, 'v')).toBe('-INFINITY 0');
    expect(places(cluster, 'p:0', 'p:1')).toEqual(['a', '-']);
  });
});

describe('failures', () => {
  const failing = (resources: string, count: string) =>
    placed({
      resources,
      a: { history: { p: up }, attributes: { 'fail-count-p#monitor_10000': count } },
      b: { history: { p: ['monitor'] } },
    });

  it('forbid the node from the threshold on', () => {
    const limited = primitive('p', meta('p', { 'migration-threshold': '3', 'resource-stickiness': '1' }));
    expect(places(failing(limited, '2'), 'p')).toEqual(['a']);
    expect(places(failing(limited, '3'), 'p')).toEqual(['b']);
  });

  it('forbid it to the whole of an anonymous clone', () => {
    const cluster = failing(clone('c', primitive('p'), { 'migration-threshold': '1' }), '1');
    expect(places(cluster, 'p:0', 'p:1')).toEqual(['-', 'b']);
  });
});

describe('shutdown locks', () => {
  const leaving = (limit: string, nowS = 1_800_000_000) =>
    placed({
      resources: primitive('v') + clone('c', primitive('p')),
      options: { 'shutdown-lock': 'true', 'shutdown-lock-limit': limit },
      a: { history: { v: up, p: up }, attributes: { shutdown: '1799999990' } },
      nowS,
    });

  it('keep a primitive from running elsewhere while its node is shut down, and clones not', () => {
    const cluster = leaving('0');
    expect(places(cluster, 'v', 'p:0')).toEqual(['-', 'b']);
    expect(scores(cluster, 'v')).toBe('0 -INFINITY');
  });

  it('say when they end', () => {
    expect(leaving('5min').recheckAtS).toBe(1_800_000_291);
  });
});

describe('tickets', () => {
  const ticket = (loss: string, more: string) =>
    placed({
      resources: clone('c', primitive('p'), { promotable: 'true' }),
      constraints: `<rsc_ticket id="t" rsc="c" ticket="T" loss-policy="${loss}" ${more}/>`,
      a: { history: { p: promoted }, attributes: { 'master-p': '5' } },
      b: { history: { p: up } },
    });

  it.each([
    ['stop', '', ['-', '-']],
    ['demote', '', ['-', '-']],
    ['freeze', '', ['a Promoted', 'b Unpromoted']],
    ['demote', 'rsc-role="Promoted"', ['a Unpromoted', 'b Unpromoted']],
    ['freeze', 'rsc-role="Promoted"', ['a Promoted', 'b Unpromoted']],
    ['stop', 'rsc-role="Promoted"', ['-', '-']],
  ])('that nobody granted: %s %s', (loss, more, expected) => {
    expect(places(ticket(loss, more), 'p:0', 'p:1')).toEqual(expected);
  });
});

describe('utilization', () => {
  const sized = (id: string, cpu: string): string =>
    primitive(id, `<utilization id="${id}-u"><nvpair id="${id}-cpu" name="cpu" value="${cpu}"/></utilization>`);

  it('counts nothing with the default strategy, and forbids nodes without room with the others', () => {
    const cluster = (strategy: string) =>
      placed({ resources: sized('v', '1'), options: { 'placement-strategy': strategy } });
    expect(places(cluster('default'), 'v')).toEqual(['a']);
    expect(places(cluster('utilization'), 'v')).toEqual(['-']);
  });

  it('counts capacity that only the status section knows', () => {
    const cpu = '<utilization id="tu"><nvpair id="tu-cpu" name="cpu" value="2"/></utilization>';
    const text = cibText({
      resources: sized('v', '1'),
      device: false,
      options: { 'placement-strategy': 'utilization' },
    });
    const parsed = parseCib(text.replace('<transient_attributes id="2">', `<transient_attributes id="2">${cpu}`));
    if (!parsed.ok) throw new Error('not a CIB');
    const cluster = unpackCluster(parsed.value.cib, { nowS: 1, md5: (each) => each });
    expect(cluster.nodes.map(({ freeCapacity }) => freeCapacity.get('cpu'))).toEqual([undefined, 2]);
    expect(printCib(parsed.value.cib)).toContain('name="cpu" value="2"');
  });
});
