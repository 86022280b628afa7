import { expect, test } from 'vitest';
import { readReport } from './oracle-report.ts';

const status = (tag: string, role: string, node: string): string => `<${tag}>
  <nodes>
    <node name="one" online="true" standby="true" pending="false" unclean="false" health="yellow"/>
    <node name="two" online="false" standby="false" pending="false" unclean="true" health="green"/>
  </nodes>
  <resources>
    <resource id="ip" role="Started" orphaned="false" blocked="true" managed="false" failed="true"><node name="one"/></resource>
    <clone id="c" multi_state="true" unique="false">
      <resource id="db" role="${role}" managed="true"><node name="${node}"/></resource>
      <resource id="db" role="Stopped" managed="true"/>
    </clone>
    <clone id="u" unique="true"><resource id="w:0" role="Stopped" managed="true"/></clone>
  </resources>
</${tag}>`;

const report = `<pacemaker-result>${status('cluster_status', 'Unpromoted', 'one')}
  <actions>
    <node_action task="Fence (off)" node="two" reason="node is &lt;gone&gt;"/>
    <rsc_action action="promote" resource="db:1" role="Unpromoted" next-role="Promoted" source="one"/>
    <rsc_action action="start" resource="w:0" node="two" reason="no quorum" blocked="true"/>
    <rsc_action action="move" resource="ip" source="one" dest="two"/>
    <rsc_action action="stop" resource="db:0" role="Unpromoted" node="two" reason="node availability"/>
  </actions>
  <transition>
    <pseudo_action task="c_promote_0" node="one"/>
    <fencing_action target="two" op="off"/>
    <rsc_action resource="db:0" op="monitor" node="one" interval="10000"/>
    <cluster_action task="clear_failcount" id="ip" node="one"/>
    <cluster_action task="do_shutdown" node="two"/>
  </transition>
${status('revised_cluster_status', 'Promoted', 'two')}</pacemaker-result>`;

const answer = readReport(report);

test('nodes: online or not, and what else is true of them', () => {
  expect(answer.nodes).toEqual({ one: 'online+standby+health-yellow', two: 'offline+unclean' });
});

test('actions: both ends, roles, and the instances of anonymous clones folded', () => {
  expect(answer.actions).toEqual([
    { action: 'fence', op: 'off', node: 'two', reason: 'node is <gone>' },
    {
      action: 'promote',
      resource: 'db',
      instance: 'db:1',
      from: 'one',
      to: 'one',
      fromRole: 'Unpromoted',
      toRole: 'Promoted',
    },
    { action: 'start', resource: 'w:0', from: null, to: 'two', reason: 'no quorum', blocked: true },
    { action: 'move', resource: 'ip', from: 'one', to: 'two' },
    {
      action: 'stop',
      resource: 'db',
      instance: 'db:0',
      from: 'two',
      to: null,
      fromRole: 'Unpromoted',
      reason: 'node availability',
    },
  ]);
});

test('resources: active ones with node and role, stopped ones empty, flags beside them', () => {
  expect(answer.current).toEqual({
    resources: { db: { one: 'Unpromoted' }, ip: { one: 'Started' }, 'w:0': {} },
    flags: { ip: ['blocked', 'failed'] },
  });
  expect(answer.revised.resources['db']).toEqual({ two: 'Promoted' });
});

test('the transition: pseudo operations, fencing, operations of resources and of nodes', () => {
  expect(answer.transition).toEqual([
    { pseudo: 'c_promote_0' },
    { op: 'fence', node: 'two', how: 'off' },
    { op: 'monitor', resource: 'db', instance: 'db:0', node: 'one', interval: 10000 },
    { op: 'clear_failcount', resource: 'ip', node: 'one' },
    { op: 'do_shutdown', node: 'two' },
  ]);
});
