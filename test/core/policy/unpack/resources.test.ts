/** From definitions to resources: meta attributes, groups, clones, templates. */
import { describe, expect, it } from 'vitest';
import { addInstance, addOrphan } from '../../../../src/core/policy/unpack/instances.ts';
import { parametersOf } from '../../../../src/core/policy/unpack/parameters.ts';
import { role } from '../../../../src/core/policy/working-set.ts';
import {
  expression,
  meta,
  operation,
  operations,
  pairs,
  params,
  primitive,
  resourceOf,
  rule,
  unpacked,
  utilization,
  warningsOf,
} from './unpacked.ts';

const web = (values: Record<string, string>, more = {}) =>
  resourceOf(unpacked({ resources: primitive('web', meta(values)), ...more }), 'web');

describe('a resource about which nothing is said', () => {
  it('has the defaults', () => {
    expect(web({})).toMatchObject({
      priority: 0,
      stickiness: 0,
      migrationThreshold: 1_000_000,
      failureTimeoutMs: 0,
      targetRole: undefined,
      managed: true,
      maintenance: false,
      critical: true,
      allowMigrate: false,
      requires: 'fencing',
      multipleActive: 'stop_start',
      restartType: 'ignore',
      container: undefined,
    });
  });

  it('may run on every node of a symmetric cluster, and on none of another', () => {
    const nodes = '<node id="1" uname="a" score="5"/><node id="2" uname="b"/>';
    expect([...web({}, { nodes }).allowed.values()].map(({ node, score }) => [node.name, score])).toEqual([
      ['a', 5],
      ['b', 0],
    ]);
    expect(web({}, { properties: pairs({ 'symmetric-cluster': 'false' }) }).allowed.size).toBe(0);
  });
});

describe('meta attributes', () => {
  it('are understood', () => {
    const values = {
      priority: '7',
      'resource-stickiness': 'INFINITY',
      'migration-threshold': '3',
      'failure-timeout': '2min',
      'target-role': 'stopped',
      'is-managed': 'false',
      critical: 'no',
      'allow-migrate': 'on',
      requires: 'quorum',
      'multiple-active': 'stop_unexpected',
      'restart-type': 'restart',
    };
    expect(web(values)).toMatchObject({
      priority: 7,
      stickiness: 1_000_000,
      migrationThreshold: 3,
      failureTimeoutMs: 120_000,
      targetRole: role.stopped,
      managed: false,
      critical: false,
      allowMigrate: true,
      requires: 'quorum',
      multipleActive: 'stop_unexpected',
      restartType: 'restart',
    });
  });

  it('that say nonsense say nothing', () => {
    expect(web({ 'migration-threshold': '-3' }).migrationThreshold).toBe(1);
    expect(web({ 'migration-threshold': 'default', 'is-managed': 'default', 'target-role': 'default' })).toMatchObject({
      migrationThreshold: 1_000_000,
      managed: true,
      targetRole: undefined,
    });
    expect(web({ 'multiple-active': 'shout', priority: 'high' })).toMatchObject({
      multipleActive: 'stop_start',
      priority: 0,
    });
  });

  it('maintenance takes a resource out of management', () => {
    expect(web({ maintenance: 'true', 'is-managed': 'true' })).toMatchObject({ managed: false, maintenance: true });
  });

  it('a role of promotable clones means nothing to a primitive', () => {
    const cluster = unpacked({ resources: primitive('web', meta({ 'target-role': 'Unpromoted' })) });
    expect(resourceOf(cluster, 'web').targetRole).toBeUndefined();
    expect(warningsOf(cluster)).toEqual(['target-role-not-valid']);
  });

  it('come from the resource, else its parents, else the defaults', () => {
    const resources = `<group id="g">${meta({ own: 'group', given: 'group' })}${primitive('web', meta({ own: 'web' }))}</group>`;
    const resourceDefaults = meta({ own: 'default', given: 'default', rest: 'default' });
    const found = resourceOf(unpacked({ resources, resourceDefaults }), 'web').meta;
    expect([found.get('own'), found.get('given'), found.get('rest')]).toEqual(['web', 'group', 'default']);
  });

  it('of all resources may be meant for some agents only', () => {
    const only = rule('<rsc_expression id="only" class="ocf" provider="heartbeat" type="IPaddr2"/>');
    const resourceDefaults = meta({ priority: '5' }, { rule: only });
    const resources = primitive('ip', '', 'ocf:heartbeat:IPaddr2') + primitive('web') + primitive('old', '', 'lsb:x');
    const cluster = unpacked({ resources, resourceDefaults });
    expect(['ip', 'web', 'old'].map((id) => resourceOf(cluster, id).priority)).toEqual([5, 0, 0]);
  });
});

describe('requires', () => {
  it.each([
    [{}, {}, 'ocf:pacemaker:Dummy', 'fencing'],
    [{}, {}, 'stonith:external/ssh', 'quorum'],
    [{}, { 'stonith-enabled': 'false' }, 'ocf:pacemaker:Dummy', 'quorum'],
    [{}, { 'stonith-enabled': 'false', 'no-quorum-policy': 'ignore' }, 'ocf:pacemaker:Dummy', 'nothing'],
    [{ requires: 'nothing' }, {}, 'ocf:pacemaker:Dummy', 'nothing'],
    [{ requires: 'unfencing' }, {}, 'ocf:pacemaker:Dummy', 'fencing'],
    [{ requires: 'unfencing' }, {}, 'stonith:external/ssh', 'quorum'],
    [{ requires: 'fencing' }, { 'stonith-enabled': 'false' }, 'ocf:pacemaker:Dummy', 'fencing'],
  ])('%j with %j for %s: %s', (values, properties, agent, expected) => {
    const cluster = unpacked({ properties: pairs(properties), resources: primitive('r', meta(values), agent) });
    expect(resourceOf(cluster, 'r').requires).toBe(expected);
  });
});

describe('unfencing', () => {
  it('required by one resource is required by all that say nothing else', () => {
    const resources =
      primitive('disk', meta({ requires: 'unfencing' })) +
      primitive('web') +
      primitive('free', meta({ requires: 'nothing' })) +
      primitive('device', '', 'stonith:fence_x');
    const cluster = unpacked({ resources });
    expect(cluster.unfencing).toBe(true);
    expect(
      ['disk', 'web', 'free', 'device'].map((id) => {
        const { requires, requiresUnfencing } = resourceOf(cluster, id);
        return [requires, requiresUnfencing];
      }),
    ).toEqual([
      ['fencing', true],
      ['fencing', true],
      ['nothing', false],
      ['quorum', false],
    ]);
  });

  it('is nothing without fencing', () => {
    const cluster = unpacked({
      properties: pairs({ 'stonith-enabled': 'false' }),
      resources: primitive('disk', meta({ requires: 'unfencing' })),
    });
    expect(resourceOf(cluster, 'disk')).toMatchObject({ requires: 'quorum', requiresUnfencing: false });
  });
});

describe('a clone', () => {
  const clone = (values: Record<string, string>, child = primitive('web'), properties: Record<string, string> = {}) =>
    unpacked({ properties: pairs(properties), resources: `<clone id="all">${meta(values)}${child}</clone>` });

  it('has an instance for each node, a little sticky', () => {
    const cluster = clone({});
    const all = resourceOf(cluster, 'all');
    expect(all.children.map(({ id, configuredId, stickiness }) => [id, configuredId, stickiness])).toEqual([
      ['web:0', 'web', 1],
      ['web:1', 'web', 1],
    ]);
    expect(all.clone).toMatchObject({ unique: false, promotable: false, max: 2, nodeMax: 1, interleave: false });
    expect(cluster.resources).toEqual([all]);
  });

  it('takes the stickiness that is given, also by default', () => {
    expect(resourceOf(clone({ 'resource-stickiness': '0' }), 'web:0').stickiness).toBe(0);
    const resources = `<clone id="all">${primitive('web')}</clone>`;
    const cluster = unpacked({ resources, resourceDefaults: meta({ 'resource-stickiness': '9' }) });
    expect(resourceOf(cluster, 'web:0').stickiness).toBe(9);
  });

  it.each([
    [
      { 'clone-max': '3', 'clone-node-max': '2', 'globally-unique': 'true' },
      { max: 3, nodeMax: 2, unique: true },
    ],
    [
      { 'clone-max': '3', 'clone-node-max': '2' },
      { max: 3, nodeMax: 2, unique: true },
    ],
    [
      { 'clone-node-max': '2', 'globally-unique': 'false' },
      { nodeMax: 1, unique: false },
    ],
    [{ 'clone-max': 'many' }, { max: 0 }],
    [{ 'clone-max': '-1' }, { max: 0 }],
    [{ promotable: 'true' }, { promotable: true, promotedMax: 1, promotedNodeMax: 1 }],
    [
      { promotable: 'true', 'promoted-max': '2', 'promoted-node-max': '0' },
      { promotedMax: 2, promotedNodeMax: 0 },
    ],
    [{ promotable: 'true', 'master-max': '2' }, { promotedMax: 2 }],
    [
      { ordered: 'true', interleave: 'true', notify: 'true' },
      { ordered: true, interleave: true, notify: true },
    ],
  ])('with %j is %j', (values, expected) => {
    expect(resourceOf(clone(values), 'all').clone).toMatchObject(expected);
  });

  it('of no instances still has one, which is surplus', () => {
    const all = resourceOf(clone({ 'clone-max': '0' }), 'all');
    expect(all.children.map(({ id, orphan, orphanInstance }) => [id, orphan, orphanInstance])).toEqual([
      ['web:0', true, true],
    ]);
  });

  it('can get further instances, which are surplus', () => {
    const cluster = clone({ 'clone-max': '1' });
    const all = resourceOf(cluster, 'all');
    expect(addInstance(cluster, all)).toMatchObject({ id: 'web:1', orphanInstance: true, parent: all });
    expect(all.children).toHaveLength(2);
    expect(resourceOf(cluster, 'web:1').parent).toBe(all);
  });

  it('may be written as master', () => {
    const cluster = unpacked({ resources: `<master id="all">${primitive('web')}</master>` });
    expect(resourceOf(cluster, 'all').clone?.promotable).toBe(true);
  });

  it('holds its target role for its instances', () => {
    const cluster = clone({ promotable: 'true', 'target-role': 'Slave' });
    expect(resourceOf(cluster, 'web:1').targetRole).toBe(role.unpromoted);
    expect(resourceOf(clone({ promotable: 'true', 'target-role': 'Master' }), 'web:1').targetRole).toBeUndefined();
  });

  it('of an agent that cannot tell instances apart is anonymous', () => {
    const cluster = clone(
      { 'globally-unique': 'true', 'clone-max': '4', 'clone-node-max': '4' },
      primitive('web', '', 'lsb:web'),
    );
    expect(resourceOf(cluster, 'all').clone).toMatchObject({ unique: false, max: 2, nodeMax: 1 });
    expect(warningsOf(cluster)).toContain('clone-cannot-be-unique');
  });

  it('that is promotable needs an agent that can promote', () => {
    const cluster = clone({ promotable: 'true' }, primitive('web', '', 'systemd:web'));
    expect(cluster.resources).toEqual([]);
    expect(warningsOf(cluster)).toEqual(['clone-not-promotable']);
  });

  it('of a group has the whole group in every instance', () => {
    const cluster = clone({}, `<group id="g">${primitive('x')}${primitive('y')}</group>`);
    expect(resourceOf(cluster, 'g:1').children.map(({ id }) => id)).toEqual(['x:1', 'y:1']);
    expect(resourceOf(cluster, 'y:1').meta.get('clone')).toBe('1');
  });
});

describe('a group', () => {
  it('is ordered and together unless it says otherwise', () => {
    const group = (values: Record<string, string>) =>
      resourceOf(unpacked({ resources: `<group id="g">${meta(values)}${primitive('x')}</group>` }), 'g').group;
    expect(group({})).toEqual({ ordered: true, colocated: true });
    expect(group({ ordered: 'false', collocated: 'off' })).toEqual({ ordered: false, colocated: false });
    expect(group({ ordered: 'perhaps' })).toEqual({ ordered: true, colocated: true });
  });
});

describe('a template', () => {
  const template = `<template id="t" class="ocf" provider="heartbeat" type="Thing">${meta({ m: 'template', n: 'template' })}${params({ p: 'template', q: 'template' })}${operations(operation('monitor', '10s'), operation('monitor', '7s', 'role="Stopped"'), operation('start', '0', 'timeout="9s"'))}</template>`;

  it('gives what the primitive does not say itself', () => {
    const own = `<primitive id="r" template="t">${meta({ m: 'own' })}${params({ p: 'own' })}${utilization({ cpu: '2' })}${operations(operation('monitor', '20s', 'role="Started"'))}</primitive>`;
    const cluster = unpacked({ resources: template + own });
    const resource = resourceOf(cluster, 'r');
    expect(resource).toMatchObject({ class: 'ocf', provider: 'heartbeat', type: 'Thing' });
    expect([resource.meta.get('m'), resource.meta.get('n')]).toEqual(['own', 'template']);
    expect(Object.fromEntries(parametersOf(cluster, resource))).toEqual({ p: 'own', q: 'template' });
    expect(resource.operations.map(({ name, interval }) => `${name}/${String(interval)}`)).toEqual([
      'monitor/20s',
      'monitor/7s',
      'start/0',
    ]);
    expect(resource.utilization.get('cpu')).toBe(2);
  });

  it('that is missing leaves the primitive out', () => {
    const cluster = unpacked({ resources: '<primitive id="r" template="gone"/>' });
    expect([cluster.resources, warningsOf(cluster)]).toEqual([[], ['template-missing']]);
  });
});

describe('parameters', () => {
  it('may depend on the node', () => {
    const onA = rule(expression('#uname', 'eq', 'a'));
    const cluster = unpacked({
      resources: primitive('r', params({ p: 'everywhere' }) + params({ p: 'on a' }, { rule: onA, score: '1' })),
    });
    const resource = resourceOf(cluster, 'r');
    expect(cluster.nodes.map((node) => parametersOf(cluster, resource, node).get('p'))).toEqual(['on a', 'everywhere']);
    expect(parametersOf(cluster, resource).get('p')).toBe('everywhere');
  });
});

describe('what else may be there', () => {
  it('a bundle is left alone', () => {
    const cluster = unpacked({ resources: '<bundle id="box"><docker image="x"/></bundle>' });
    expect([cluster.resources, warningsOf(cluster)]).toEqual([[], ['bundle-not-run']]);
  });

  it('an orphan has the defaults of all resources', () => {
    const cluster = unpacked({ resourceDefaults: meta({ 'resource-stickiness': '4' }) });
    const orphan = addOrphan(cluster, { id: 'gone', class: 'ocf', provider: 'heartbeat', type: 'Thing' });
    expect(orphan).toMatchObject({ id: 'gone', orphan: true, stickiness: 4 });
    expect(cluster.resources).toEqual([orphan]);
  });
});
