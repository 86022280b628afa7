/** Small CIBs with a status section, written the way the tests think: what happened on which node, in order. */
import { createHash } from 'node:crypto';
import { parseCib } from '../../../../src/core/cib/xml.ts';
import { unpackStatus } from '../../../../src/core/policy/status/status.ts';
import { unpackCluster } from '../../../../src/core/policy/unpack/cluster.ts';
import { type Cluster, type Resource, role } from '../../../../src/core/policy/working-set.ts';

/** When "now" is, unless a test says otherwise. */
export const nowS = 1_800_000_000;

export interface Story {
  /** Cluster options beside `stonith-enabled`, which is true unless said otherwise. */
  readonly options?: Readonly<Record<string, string>>;
  /** A fence device is configured. */
  readonly device?: boolean;
  /** `panic`: without it, but it was there before. */
  readonly quorum?: boolean | 'panic';
  readonly resources: string;
  readonly constraints?: string;
  /** Further sections of the configuration. */
  readonly more?: string;
  /** Both online members unless said otherwise; `null`: no `<node_state>` at all. */
  readonly a?: NodeStory | null;
  readonly b?: NodeStory | null;
  readonly nowS?: number;
  readonly featureSet?: string;
}

export interface NodeStory {
  /** Replace or add attributes of `<node_state>`; undefined leaves one out. */
  readonly state?: Readonly<Record<string, string | undefined>>;
  /** Transient attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Resource id to operations in order, as `happened` reads them. */
  readonly history?: Readonly<Record<string, readonly Happened[]>>;
  /** Resource id to the epoch second of its shutdown lock. */
  readonly locks?: Readonly<Record<string, number>>;
}

/** `start`, `monitor/10000=7`, `stop=1 !4`: task, interval, exit code (expected: 0, of a probe 7), op-status. */
export type Happened = string | readonly [string, Readonly<Record<string, string>>];

export function statusOf(story: Story): Cluster {
  const parsed = parseCib(cibText(story));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  const cluster = unpackCluster(parsed.value.cib, {
    nowS: story.nowS ?? nowS,
    md5: (text) => createHash('md5').update(text).digest('hex'),
  });
  unpackStatus(cluster);
  return cluster;
}

export function resourceOf(cluster: Cluster, id: string): Resource {
  const resource = cluster.resourceById.get(id);
  if (resource === undefined) throw new Error(`no resource ${id}`);
  return resource;
}

/** `Started a b`, `Promoted a`, `Stopped`. */
export function stateOf(cluster: Cluster, id: string): string {
  const resource = resourceOf(cluster, id);
  const names = Object.entries(role).find(([, value]) => value === resource.role);
  return [names?.[0], ...resource.activeOn.map(({ name }) => name)].join(' ');
}

export function primitive(id: string, inside = ''): string {
  return `<primitive id="${id}" class="ocf" provider="heartbeat" type="Dummy">${inside}</primitive>`;
}

export function meta(id: string, pairs: Readonly<Record<string, string>>): string {
  return `<meta_attributes id="${id}-meta">${pairsText(id, pairs)}</meta_attributes>`;
}

/** `op('web', 'monitor', '10s', { 'on-fail': 'block' })` inside `<operations>`. */
export function operation(id: string, name: string, interval: string, more: Readonly<Record<string, string>> = {}) {
  return `<operations><op id="${id}-${name}-${interval}" name="${name}" interval="${interval}"${attributesText(more)}/></operations>`;
}

export function cibText(story: Story): string {
  const { options = {}, device = true, quorum = true, featureSet = '3.16.0', resources } = story;
  const { constraints = '', more = '', a = {}, b = {} } = story;
  const properties = { 'stonith-enabled': 'true', ...options };
  const fencing = device ? '<primitive id="fence" class="stonith" type="external/ssh"/>' : '';
  return `<cib validate-with="pacemaker-3.9" crm_feature_set="${featureSet}" have-quorum="${quorum === true ? '1' : '0'}" no-quorum-panic="${quorum === 'panic' ? '1' : '0'}" dc-uuid="1"><configuration>
    <crm_config><cluster_property_set id="o">${pairsText('o', properties)}</cluster_property_set></crm_config>
    <nodes><node id="1" uname="a"/><node id="2" uname="b"/></nodes>
    <resources>${fencing}${resources}</resources><constraints>${constraints}</constraints>${more}</configuration>
    <status>${stateText('1', 'a', a)}${stateText('2', 'b', b)}</status></cib>`;
}

function stateText(id: string, name: string, story: NodeStory | null): string {
  if (story === null) return '';
  const state = { in_ccm: 'true', crmd: 'online', join: 'member', expected: 'member', ...story.state };
  const histories = Object.entries(story.history ?? {}).map(
    ([resource, happened]) =>
      `<lrm_resource id="${resource}" class="ocf" provider="heartbeat" type="Dummy"${lockText(story.locks?.[resource])}>${happened
        .map((each, index) => entryText(resource, each, { callId: index + 1, node: name }))
        .join('')}</lrm_resource>`,
  );
  return `<node_state id="${id}" uname="${name}"${attributesText(state)}>
    <transient_attributes id="${id}"><instance_attributes id="t${id}">${pairsText(`t${id}`, story.attributes ?? {})}</instance_attributes></transient_attributes>
    <lrm id="${id}"><lrm_resources>${histories.join('')}</lrm_resources></lrm></node_state>`;
}

function lockText(atS: number | undefined): string {
  return atS === undefined ? '' : ` shutdown-lock="${String(atS)}"`;
}

function entryText(resource: string, happened: Happened, { callId, node }: { callId: number; node: string }): string {
  const [short, more] = typeof happened === 'string' ? [happened, {}] : happened;
  const match = /^(\w+?)(?:\/(\d+))?(?:=(\d+))?(?: !(-?\d+))?$/.exec(short);
  if (match === null) throw new Error(`no operation: ${short}`);
  const [, task = '', interval = '0', rc, status] = match;
  const expected = task === 'monitor' && interval === '0' ? '7' : '0';
  const code = rc ?? expected;
  const key = `1:1:${expected}:12345678-1234-1234-1234-123456789012`;
  const attributes = {
    id: `${resource}_${task}_${interval}`,
    operation_key: `${resource}_${task}_${interval}`,
    operation: task,
    interval,
    'call-id': status === '-1' ? '-1' : String(callId),
    'rc-code': code,
    'op-status': status ?? '0',
    'transition-key': key,
    'transition-magic': `${status ?? '0'}:${code};${key}`,
    on_node: node,
    ...more,
  };
  return `<lrm_rsc_op${attributesText(attributes)}/>`;
}

function pairsText(id: string, pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([name, value], index) => `<nvpair id="${id}-${String(index)}" name="${name}" value="${value}"/>`)
    .join('');
}

function attributesText(attributes: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${value ?? ''}"`)
    .join('');
}
