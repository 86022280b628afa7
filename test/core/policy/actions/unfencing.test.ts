/** A node is let in before what requires it is probed or started there. */
import { describe, expect, it } from 'vitest';
import { parseCib } from '../../../../src/core/cib/xml.ts';
import { decide } from '../../../../src/core/policy/decide.ts';

function decided(nodeAttributes: string) {
  const text = `<cib have-quorum="1"><configuration><crm_config/>
    <nodes><node id="1" uname="a"/></nodes>
    <resources>
      <primitive id="device" class="stonith" type="fence_scsi"/>
      <primitive id="disk" class="ocf" provider="heartbeat" type="Filesystem">
        <meta_attributes id="m"><nvpair id="mr" name="requires" value="unfencing"/></meta_attributes>
      </primitive>
    </resources><constraints/></configuration>
    <status><node_state id="1" uname="a" in_ccm="true" crmd="online" join="member" expected="member">
      <transient_attributes id="1"><instance_attributes id="t">${nodeAttributes}</instance_attributes></transient_attributes>
    </node_state></status></cib>`;
  const parsed = parseCib(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return decide(parsed.value.cib, { nowS: 1_715_163_630, md5: (value) => value }).graph.actions;
}

describe('unfencing', () => {
  it('comes first on a node that was never let in', () => {
    const actions = decided('');
    const unfencing = actions.find(({ kind }) => kind === 'fence');
    expect(unfencing).toMatchObject({ key: 'stonith-a-on', node: 'a', meta: { stonith_action: 'on' } });
    for (const key of ['disk_start_0', 'disk_monitor_0', 'device_monitor_0']) {
      expect(actions.find((action) => action.key === key)?.inputs).toContain(unfencing?.id);
    }
  });

  it('is not repeated', () => {
    const actions = decided('<nvpair id="u" name="#node-unfenced" value="1715163000"/>');
    expect(actions.filter(({ kind }) => kind === 'fence')).toEqual([]);
    expect(actions.map(({ key }) => key)).toContain('disk_start_0');
  });
});
