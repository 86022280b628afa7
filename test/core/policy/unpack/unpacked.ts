/** Small CIBs as text, unpacked: what a test leaves out is two nodes, no fencing, nothing running. */
import { parseCib } from '../../../../src/core/cib/xml.ts';
import { unpackCluster } from '../../../../src/core/policy/unpack/cluster.ts';
import { unpackConstraints } from '../../../../src/core/policy/unpack/constraints.ts';
import type { Cluster, Resource } from '../../../../src/core/policy/working-set.ts';

export interface Parts {
  readonly attributes?: string;
  readonly haveQuorum?: string;
  readonly properties?: string;
  readonly nodes?: string;
  readonly resources?: string;
  readonly constraints?: string;
  readonly tags?: string;
  readonly resourceDefaults?: string;
  readonly operationDefaults?: string;
  readonly status?: string;
  readonly nowS?: number;
}

/** 2024-05-08 10:20:30Z, a Wednesday. */
export const nowS = 1_715_163_630;

const twoNodes = '<node id="1" uname="a"/><node id="2" uname="b"/>';

export function unpacked(parts: Parts): Cluster {
  const text = `<cib have-quorum="${parts.haveQuorum ?? '1'}" dc-uuid="1" ${parts.attributes ?? ''}><configuration>
    <crm_config><cluster_property_set id="cib-bootstrap-options">${parts.properties ?? ''}</cluster_property_set></crm_config>
    <nodes>${parts.nodes ?? twoNodes}</nodes>
    <resources>${parts.resources ?? ''}</resources>
    <constraints>${parts.constraints ?? ''}</constraints>
    <rsc_defaults>${parts.resourceDefaults ?? ''}</rsc_defaults>
    <op_defaults>${parts.operationDefaults ?? ''}</op_defaults>
    ${parts.tags === undefined ? '' : `<tags>${parts.tags}</tags>`}
    </configuration><status>${parts.status ?? ''}</status></cib>`;
  const parsed = parseCib(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  const cluster = unpackCluster(parsed.value.cib, { nowS: parts.nowS ?? nowS, md5: (value) => value });
  unpackConstraints(cluster);
  return cluster;
}

export function resourceOf(cluster: Cluster, id: string): Resource {
  const resource = cluster.resourceById.get(id);
  if (resource === undefined) throw new Error(`no resource ${id}`);
  return resource;
}

export function pairs(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<nvpair id="${nextId()}" name="${name}" value="${value}"/>`)
    .join('');
}

export function meta(values: Readonly<Record<string, string>>, more: { score?: string; rule?: string } = {}): string {
  return set('meta_attributes', values, more);
}

export function params(values: Readonly<Record<string, string>>, more: { score?: string; rule?: string } = {}): string {
  return set('instance_attributes', values, more);
}

export function utilization(values: Readonly<Record<string, string>>): string {
  return set('utilization', values, {});
}

/** An OCF primitive unless the agent is another: `class:type`. */
export function primitive(id: string, inner = '', agent = 'ocf:pacemaker:Dummy'): string {
  const [standard, ...names] = agent.split(':');
  const [provider, type] = names.length === 2 ? names : [undefined, names[0]];
  const from = provider === undefined ? '' : `provider="${provider}"`;
  return `<primitive id="${id}" class="${standard}" ${from} type="${type}">${inner}</primitive>`;
}

export function rule(expressions: string, attributes = 'score="INFINITY"'): string {
  return `<rule id="${nextId()}" ${attributes}>${expressions}</rule>`;
}

export function expression(attribute: string, operation: string, value?: string, more = ''): string {
  const against = value === undefined ? '' : `value="${value}"`;
  return `<expression id="${nextId()}" attribute="${attribute}" operation="${operation}" ${against} ${more}/>`;
}

export function operations(...each: readonly string[]): string {
  return `<operations>${each.join('')}</operations>`;
}

export function operation(name: string, interval: string, more = '', inner = ''): string {
  return `<op id="${nextId()}" name="${name}" interval="${interval}" ${more}>${inner}</op>`;
}

export function warningsOf(cluster: Cluster): string[] {
  return cluster.warnings.map(({ code }) => code);
}

function set(
  element: string,
  values: Readonly<Record<string, string>>,
  { score, rule: inside = '' }: { score?: string; rule?: string },
): string {
  const weight = score === undefined ? '' : ` score="${score}"`;
  return `<${element} id="${nextId()}"${weight}>${inside}${pairs(values)}</${element}>`;
}

let count = 0;

function nextId(): string {
  count += 1;
  return `id-${String(count)}`;
}
