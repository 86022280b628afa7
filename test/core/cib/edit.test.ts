import { describe, expect, it } from 'vitest';
import {
  findById,
  idsOf,
  referencesTo,
  removeById,
  renameId,
  replaceById,
  setAttribute,
  setOperationDefault,
  setProperty,
  setResourceDefault,
} from '../../../src/core/cib/edit.ts';
import type { Cib } from '../../../src/core/cib/model.ts';
import { printCib } from '../../../src/core/cib/xml.ts';
import { cibWith, everything, parsed } from './cibs.ts';

const cib = parsed(everything);

/** The lines that one print has and the other has not. */
function changed(before: Cib, after: Cib): string[] {
  const [left, right] = [printCib(before).split('\n'), printCib(after).split('\n')];
  return [
    ...left.filter((line) => !right.includes(line)).map((line) => `- ${line.trim()}`),
    ...right.filter((line) => !left.includes(line)).map((line) => `+ ${line.trim()}`),
  ];
}

describe('finding by id', () => {
  it.each([
    ['vip', 'primitive'],
    ['g', 'group'],
    ['b', 'primitive'],
    ['m', 'clone'],
    ['base', 'template'],
    ['box', 'bundle'],
    ['vip-monitor-10s', 'operation'],
    ['vip-monitor-10s-instance_attributes', 'set'],
    ['vip-meta_attributes-priority', 'pair'],
    ['cib-bootstrap-options', 'property-set'],
    ['1', 'node'],
    ['l1', 'location'],
    ['l1-rule-rule', 'rule'],
    ['l1-life-expression', 'attribute'],
    ['c1-0', 'resource-set'],
    ['l1-date-spec', 'date_spec'],
    ['l1-duration', 'duration'],
    ['o1', 'order'],
    ['fencing', 'fencing-level'],
    ['day', 'tag'],
    ['rsc-options', 'resource-defaults'],
    ['pete', 'acl_target'],
    ['later', 'future'],
    ['without-child', 'clone'],
  ])('%s is a %s', (id, kind) => {
    expect(findById(cib, id)?.kind).toBe(kind);
  });

  it('finds nothing that is not there, nor in the status section', () => {
    expect(findById(cib, 'nobody')).toBeUndefined();
    expect(findById(cib, 'vip_last_0')).toBeUndefined();
    expect(idsOf(cib).has('vip_last_0')).toBe(false);
    expect(idsOf(cib).has('l1-date-0')).toBe(true);
  });
});

describe('replacing and removing', () => {
  it('changes that part and nothing else', () => {
    const vip = findById(cib, 'vip')!.value;
    const next = replaceById(cib, 'vip', { ...vip, type: 'IPaddr' });
    expect(changed(cib, next)).toEqual([
      '- <primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2">',
      '+ <primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr">',
    ]);
    expect(next.configuration.constraints).toBe(cib.configuration.constraints);
    expect(replaceById(cib, 'nobody', vip)).toBe(cib);
  });

  it('reaches parts of every depth', () => {
    expect(changed(cib, removeById(cib, 'l1-rule-expression'))).toEqual([
      '- <expression id="l1-rule-expression" attribute="#uname" operation="eq" value="alpha"/>',
    ]);
    expect(changed(cib, removeById(cib, 'later'))).toEqual(['- <future id="later">', '- <thing/>', '- </future>']);
    expect(changed(cib, removeById(cib, 'pete'))).toContain('- <acl_target id="pete">');
    expect(removeById(cib, 'operator')).toBe(cib);
  });

  it('takes a clone along with its child', () => {
    const next = removeById(cib, 'db');
    expect(findById(next, 'm')).toBeUndefined();
    expect(next.configuration.resources).toHaveLength(cib.configuration.resources.length - 1);
  });
});

describe('renaming', () => {
  it('follows every reference', () => {
    const before = cibWith({
      resources: `<template id="t" class="ocf" type="Dummy"/><group id="g"><primitive id="a" template="t"/></group>
        <primitive id="dev" class="stonith" type="fence_x"/>`,
      constraints: `<rsc_location id="l" rsc="g" node="alpha" score="1"/>
        <rsc_colocation id="c" rsc="g" with-rsc="a" score="1"/>
        <rsc_order id="o"><resource_set id="o-0"><resource_ref id="a"/><resource_ref id="g"/></resource_set></rsc_order>`,
      more: `<fencing-topology><fencing-level id="f" target="alpha" index="1" devices="other,dev"/></fencing-topology>
        <tags><tag id="tag"><obj_ref id="a"/></tag></tags>`,
    });
    expect(referencesTo(before, 'a')).toEqual(['c', 'o-0', 'tag']);
    expect(referencesTo(before, 'dev')).toEqual(['f']);
    const after = ['a', 'g', 't', 'dev'].reduce((next, id) => renameId(next, id, `new-${id}`), before);
    for (const id of ['a', 'g', 't', 'dev']) expect(referencesTo(after, id), id).toEqual([]);
    for (const id of ['a', 'g', 't', 'dev'])
      expect(referencesTo(after, `new-${id}`), id).toEqual(
        referencesTo(before, id).map((who) => (['a', 'g'].includes(who) ? `new-${who}` : who)),
      );
    expect(changed(before, renameId(before, 'dev', 'pdu'))).toContain(
      '+ <fencing-level id="f" target="alpha" index="1" devices="other,pdu"/>',
    );
  });
});

describe('setting a property', () => {
  it('changes the value, or makes the pair, or the set with it', () => {
    expect(changed(cib, setProperty(cib, 'stonith-enabled', 'true'))).toEqual([
      '- <nvpair id="cib-bootstrap-options-stonith-enabled" name="stonith-enabled" value="false"/>',
      '+ <nvpair id="cib-bootstrap-options-stonith-enabled" name="stonith-enabled" value="true"/>',
    ]);
    expect(changed(cib, setProperty(cib, 'maintenance-mode', 'true'))).toEqual([
      '+ <nvpair id="cib-bootstrap-options-maintenance-mode" name="maintenance-mode" value="true"/>',
    ]);
    const empty = cibWith({});
    expect(setProperty(empty, 'maintenance-mode', 'true').configuration.properties).toEqual([
      {
        id: 'cib-bootstrap-options',
        pairs: [{ id: 'cib-bootstrap-options-maintenance-mode', name: 'maintenance-mode', value: 'true' }],
      },
    ]);
  });

  it('keeps the name of 3.0 where it is used', () => {
    const modern = cibWith({
      properties:
        '<cluster_property_set id="x"><nvpair id="y" name="fencing-enabled" value="true"/></cluster_property_set>',
    });
    const pairs = setProperty(modern, 'stonith-enabled', 'false').configuration.properties[0]?.pairs;
    expect(pairs).toEqual([{ id: 'y', name: 'fencing-enabled', value: 'false' }]);
  });

  it('leaves sets with a rule alone, and does nothing when there is nothing to do', () => {
    const night = cibWith({
      properties: `<cluster_property_set id="night"><rule id="r" score="1"><date_expression id="d" operation="gt" start="2026"/></rule>
        <nvpair id="n" name="maintenance-mode" value="true"/></cluster_property_set>`,
    });
    const next = setProperty(night, 'maintenance-mode', 'false');
    expect(next.configuration.properties.map(({ id }) => id)).toEqual(['night', 'cib-bootstrap-options']);
    expect(setProperty(cib, 'stonith-enabled', 'false')).toBe(cib);
    expect(setProperty(cib, 'maintenance-mode', undefined)).toBe(cib);
    expect(setProperty(night, 'batch-limit', undefined)).toBe(night);
    expect(changed(cib, setProperty(cib, 'stonith-enabled', undefined))).toHaveLength(1);
  });

  it('has the same for defaults', () => {
    const empty = cibWith({});
    expect(printCib(setResourceDefault(empty, 'resource-stickiness', '100'))).toContain(
      '<nvpair id="rsc-options-resource-stickiness" name="resource-stickiness" value="100"/>',
    );
    expect(printCib(setOperationDefault(empty, 'timeout', '60s'))).toContain('<meta_attributes id="op-options">');
  });
});

describe('setting an attribute', () => {
  it('knows the sets of resources, operations and nodes', () => {
    expect(changed(cib, setAttribute(cib, 'b', 'meta', 'target-role', 'Stopped'))).toContain(
      '+ <nvpair id="b-meta_attributes-target-role" name="target-role" value="Stopped"/>',
    );
    expect(changed(cib, setAttribute(cib, 'vip', 'params', 'ip', '192.0.2.11'))).toEqual([
      '- <nvpair id="vip-instance_attributes-ip" name="ip" value="192.0.2.10"/>',
      '+ <nvpair id="vip-instance_attributes-ip" name="ip" value="192.0.2.11"/>',
    ]);
    expect(changed(cib, setAttribute(cib, '2', 'attributes', 'standby', 'on'))).toContain(
      '+ <instance_attributes id="beta-instance_attributes">',
    );
    expect(changed(cib, setAttribute(cib, 'vip-monitor-10s', 'meta', 'enabled', 'no'))).toContain(
      '+ <meta_attributes id="vip-monitor-10s-meta_attributes">',
    );
  });

  it('does nothing to what is not there or has no such set', () => {
    expect(setAttribute(cib, 'nobody', 'meta', 'priority', '1')).toBe(cib);
    expect(setAttribute(cib, 'l1', 'meta', 'priority', '1')).toBe(cib);
    expect(setAttribute(cib, 'vip-monitor-10s', 'attributes', 'x', '1')).toBe(cib);
  });

  it('makes ids that nobody has', () => {
    const taken = cibWith({
      resources: '<primitive id="a" class="ocf" type="x"/><primitive id="a-meta_attributes" class="ocf" type="x"/>',
    });
    expect(printCib(setAttribute(taken, 'a', 'meta', 'priority', '1'))).toContain(
      '<nvpair id="a-meta_attributes-0-priority" name="priority" value="1"/>',
    );
  });
});
