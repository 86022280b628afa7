import { describe, expect, it } from 'vitest';
import { completeIds, isWellFormedId, newId, operationId } from '../../../src/core/cib/ids.ts';
import { printCib } from '../../../src/core/cib/xml.ts';
import { cibWith, everything, parsed } from './cibs.ts';

describe('ids that nobody gave', () => {
  it('are made as the crm shell makes them', () => {
    const cib = cibWith({
      properties: '<cluster_property_set><nvpair name="stonith-enabled" value="no"/></cluster_property_set>',
      nodes: '<node id="1" uname="alpha"><utilization><nvpair name="cpu" value="4"/></utilization></node>',
      resources: `<primitive id="db" class="ocf" provider="heartbeat" type="Dummy">
          <instance_attributes score="3"><nvpair name="ip" value="1"/></instance_attributes>
          <instance_attributes score="2"><nvpair name="nic" value="1"/></instance_attributes>
          <meta_attributes><rule score="1"><date_expression operation="date_spec"><date_spec hours="9-17"/></date_expression></rule></meta_attributes>
          <operations><op name="start" timeout="20s"/><op name="monitor" interval="10s"><instance_attributes><nvpair name="OCF_CHECK_LEVEL" value="10"/></instance_attributes></op></operations>
        </primitive>`,
      constraints: `<rsc_location id="l1" rsc="db"><rule score="1"><expression attribute="a" operation="defined"/><expression attribute="b" operation="defined"/></rule></rsc_location>
        <rsc_order id="o1"><resource_set><resource_ref id="db"/></resource_set><resource_set><resource_ref id="db"/></resource_set></rsc_order>`,
      more: `<fencing-topology><fencing-level index="1" devices="x" target="alpha"/><fencing-level index="2" devices="x" target="alpha"/></fencing-topology>
        <rsc_defaults><meta_attributes><nvpair name="priority" value="1"/></meta_attributes></rsc_defaults>
        <op_defaults><meta_attributes><nvpair name="timeout" value="1"/></meta_attributes></op_defaults>
        <acls><acl_role id="r"><acl_permission kind="read" xpath="/cib"/></acl_role></acls>
        <alerts><alert id="al" path="/x"><select><select_attributes><attribute name="x"/></select_attributes></select><recipient value="y"/></alert></alerts>`,
    });
    const ids = [...printCib(completeIds(cib)).matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
    expect(ids).toEqual([
      'cib-bootstrap-options',
      'cib-bootstrap-options-stonith-enabled',
      '1',
      'alpha-utilization',
      'alpha-utilization-cpu',
      'db',
      'db-instance_attributes',
      'db-instance_attributes-ip',
      'db-instance_attributes-0',
      'db-instance_attributes-0-nic',
      'db-meta_attributes',
      'db-meta_attributes-rule',
      'db-meta_attributes-rule-expression',
      'db-meta_attributes-rule-expression-date_spec',
      'db-start-0',
      'db-monitor-10s',
      'db-monitor-10s-instance_attributes',
      'db-monitor-10s-instance_attributes-OCF_CHECK_LEVEL',
      'l1',
      'l1-rule',
      'l1-rule-expression',
      'l1-rule-expression-0',
      'o1',
      'o1-0',
      'db',
      'o1-1',
      'db',
      'fencing',
      'fencing-0',
      'rsc-options',
      'rsc-options-priority',
      'op-options',
      'op-options-timeout',
      'r',
      'r-0',
      'al',
      'al-0',
      'al-recipient-1',
    ]);
  });

  it('are not needed where there are ids', () => {
    const cib = parsed(everything);
    expect(completeIds(cib)).toBe(cib);
  });

  it('avoid what is taken', () => {
    expect(newId(new Set(), 'x')).toBe('x');
    expect(newId(new Set(['x', 'x-0']), 'x')).toBe('x-1');
    expect(operationId('vip', 'start', undefined)).toBe('vip-start-0');
  });

  it('are well-formed whatever they are made of', () => {
    expect(newId(new Set(), '9 lives!')).toBe('id-9_lives_');
    expect(['a', '_b', 'ä1', 'a.b-c_1'].every(isWellFormedId)).toBe(true);
    expect(['', '1', '-a', 'a b', 'a:b', 'a/b'].some(isWellFormedId)).toBe(false);
  });
});
