/**
 * The CIB of `npm run bench:policy`: two nodes, groups of five, every second group colocated with and ordered after its
 * neighbour, one location constraint for each group. Without history everything has to be probed and started; with history
 * everything runs where it should, with its probes and monitors on record.
 */
import { createHash } from 'node:crypto';

const nodes = ['node1', 'node2'];
const groupSize = 5;

export function policyCib(primitives: number, withHistory: boolean): string {
  const groups = Math.max(1, Math.round(primitives / groupSize));
  const numbers = Array.from({ length: groups }, (_, index) => index);
  return `<cib validate-with="pacemaker-3.9" crm_feature_set="3.16.1" admin_epoch="0" epoch="1" num_updates="0" have-quorum="1" dc-uuid="1">
<configuration><crm_config><cluster_property_set id="cib-bootstrap-options"><nvpair id="fencing" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
<nodes>${nodes.map((name, index) => `<node id="${index + 1}" uname="${name}"/>`).join('')}</nodes>
<resources>
${numbers.map(groupXml).join('\n')}
</resources>
<constraints>
${numbers.flatMap(constraintsXml).join('\n')}
</constraints></configuration>
<status>
${nodes.map((name, index) => nodeStateXml(name, index, numbers, withHistory)).join('\n')}
</status></cib>`;
}

const membersOf = (group: number): string[] =>
  Array.from({ length: groupSize }, (_, member) => `rsc${group * groupSize + member}`);

function groupXml(group: number): string {
  const members = membersOf(group).map(
    (id) =>
      `<primitive id="${id}" class="ocf" provider="pacemaker" type="Dummy"><operations><op id="${id}-monitor" name="monitor" interval="10s" timeout="20s"/></operations></primitive>`,
  );
  return `<group id="grp${group}">${members.join('')}</group>`;
}

/** Odd groups go with the even one before them, which has the location that counts. */
function constraintsXml(group: number): string[] {
  const location = `<rsc_location id="loc${group}" rsc="grp${group}" node="${home(group)}" score="100"/>`;
  if (group % 2 === 0) return [location];
  return [
    location,
    `<rsc_colocation id="col${group}" rsc="grp${group}" with-rsc="grp${group - 1}" score="INFINITY"/>`,
    `<rsc_order id="ord${group}" first="grp${group - 1}" then="grp${group}"/>`,
  ];
}

function home(group: number): string {
  return nodes[(group >> 1) % 2] as string;
}

function nodeStateXml(name: string, index: number, groups: readonly number[], withHistory: boolean): string {
  const records = withHistory
    ? groups.flatMap((group) => membersOf(group).map((id) => recordXml(id, home(group) === name, name)))
    : [];
  return `<node_state id="${index + 1}" uname="${name}" in_ccm="true" crmd="online" join="member" expected="member"><lrm id="${index + 1}"><lrm_resources>${records.join('\n')}</lrm_resources></lrm></node_state>`;
}

const uuid = '01234567-89ab-cdef-0123-456789abcdef';
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const digests = { plain: md5(' <parameters/>\n'), monitor: md5(' <parameters CRM_meta_timeout="20000"/>\n') };

function recordXml(id: string, active: boolean, node: string): string {
  const operation = (xmlId: string, key: string, name: string, interval: number, rc: number, digest: string): string =>
    `<lrm_rsc_op id="${xmlId}" operation_key="${key}" operation="${name}" crm_feature_set="3.16.1" transition-key="3:4:${rc}:${uuid}" transition-magic="0:${rc};3:4:${rc}:${uuid}" on_node="${node}" call-id="${interval === 0 ? 5 : 6}" rc-code="${rc}" op-status="0" interval="${interval}" last-rc-change="1699990000" exec-time="11" queue-time="0" op-digest="${digest}"/>`;
  const inner = active
    ? operation(`${id}_last_0`, `${id}_start_0`, 'start', 0, 0, digests.plain) +
      operation(`${id}_monitor_10000`, `${id}_monitor_10000`, 'monitor', 10_000, 0, digests.monitor)
    : operation(`${id}_last_0`, `${id}_monitor_0`, 'monitor', 0, 7, digests.plain);
  return `<lrm_resource id="${id}" class="ocf" provider="pacemaker" type="Dummy">${inner}</lrm_resource>`;
}
