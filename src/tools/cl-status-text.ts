/** Pieces of cl_status that are layout: the usage text, and how nodes and links are listed. */
import { plainText } from '../protocol/plain-text.ts';
import type { NodeReport, StatusReport } from '../protocol/status.ts';

export const clStatusUsage = `Usage: cl_status SUB-COMMAND [OPTIONS] [PARAMETERS]

  hbstatus [-v]                      is heartbeat running here; -v: version, nodes and links
  listnodes [-p|-n] [-v]             node names; -p ping nodes only, -n cluster nodes only
  nodestatus NODE                    active, up, init, dead or ping
  nodetype NODE                      normal or ping
  nodeweight NODE, nodesite NODE     as hb_setweight and hb_setsite have set them (100, none)
  listhblinks NODE [-v]              heartbeat links of a node; -v: with their state
  hblinkstatus NODE LINK             up or dead
  clientstatus NODE CLIENT [MS]      does ipfail, dopd or pingd run on a node: online or offline
  rscstatus                          local, foreign, all, none or transition
  hbparameter -p NAME                value of a directive of ha.cf

  -m           sentences for people instead of words for scripts
  --run-dir D  run directory of the daemon (PAIRBEAT_RUN_DIR)

Exit: 0 yes, 1 no (down, dead, unset, heartbeat not running), 11 wrong sub-command or parameter, 12 no answer
in time, 13 other error.
`;

/** A node of the cluster, or a ping node, as far as cl_status tells them apart. */
export type ListedNode = Pick<NodeReport, 'name' | 'status' | 'self' | 'links' | 'weight' | 'site'> & {
  readonly type: 'normal' | 'ping';
};

/** Those of the cluster first. A ping node has one link, of its own name. */
export function listedNodes({ nodes, pingNodes = [] }: StatusReport): ListedNode[] {
  const links = (name: string, up: boolean): NodeReport['links'] => [{ link: name, device: name, up }];
  return [
    ...nodes.map((node) => ({ ...node, type: 'normal' as const })),
    ...pingNodes.map(({ name, status }) => ({
      name,
      status,
      self: false,
      type: 'ping' as const,
      links: links(name, status === 'ping'),
    })),
  ];
}

/** As the usage lists them. */
export const clSubcommandNames: readonly string[] = [
  ...['hbstatus', 'listnodes', 'nodestatus', 'nodetype', 'nodeweight', 'nodesite', 'listhblinks', 'hblinkstatus'],
  ...['clientstatus', 'rscstatus', 'hbparameter'],
];

export function nodeNamed(status: StatusReport, name: string): ListedNode | undefined {
  const nodes = listedNodes(status);
  return nodes.find((node) => node.name === name) ?? nodes.find((node) => node.name === name.toLowerCase());
}

export interface NamedLink {
  /** What Heartbeat calls a link: its device. */
  readonly name: string;
  /** Our own names of the keepalive paths over it. */
  readonly ids: readonly string[];
  readonly state: 'up' | 'dead';
}

/** Paths over one device are one link to Heartbeat's tools; it is up as long as one of them is. */
export function links(status: StatusReport, node: ListedNode): readonly NamedLink[] {
  const known = node.links.length > 0 ? node.links : ownLinks(status, node);
  const devices = [...new Set(known.map(({ device }) => device))];
  return devices.map((device) => {
    const paths = known.filter((link) => link.device === device);
    return { name: device, ids: paths.map(({ link }) => link), state: paths.some(({ up }) => up) ? 'up' : 'dead' };
  });
}

/** A node that says nothing of its own end of a link has the same links as the other one: a pair is wired alike. */
function ownLinks(status: StatusReport, node: ListedNode): NodeReport['links'] {
  return node.self ? (status.nodes.find((other) => !other.self)?.links ?? []) : [];
}

export function nodeBlock(status: StatusReport, node: ListedNode, human: boolean): string {
  const lines = links(status, node).map(({ name, state }) => `\t${name}\t${state}\n`);
  const heading = human ? '\tthis node has the following heartbeat links:\n' : '';
  return `\n${node.name}\t${plainText(node.status)}\t(nodetype: ${node.type})\n${heading}${lines.join('')}`;
}
