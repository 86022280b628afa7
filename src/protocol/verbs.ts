/**
 * NDJSON over unix sockets between the daemon and its tools. One request a line: `{v, id, verb, args}`; answers carry
 * the id: `{v, id, more?: true, ok, result | problem}`. On connect the daemon says `{hello: {min, max, product, version, node}}`.
 * Rights: `status.sock` (0666) serves class `read`; `oper.sock` (0660, group haclient if it exists) adds `operate`;
 * `admin.sock` (0600) adds `admin`.
 */
export type RightsClass = 'read' | 'operate' | 'admin';

export const protocolVersion = { min: 1, max: 1 } as const;

export interface VerbDefinition {
  readonly rights: RightsClass;
  readonly summary: string;
}

export const verbs = {
  status: { rights: 'read', summary: 'both nodes, links, holdings, protection' },
  parameters: { rights: 'read', summary: 'effective value of every scalar directive' },
  timeline: { rights: 'read', summary: 'recent journal entries of the last failovers' },
  watch: { rights: 'read', summary: 'stream: one line per change of the status and per keepalive batch' },
  clientStatus: { rights: 'read', summary: 'is a helper online on a node: {node, client, timeoutMs?}' },
  linkTest: { rights: 'operate', summary: 'probe every link for some seconds: {seconds}' },
  standby: { rights: 'operate', summary: 'give groups to the peer: {scope, groups?, wait?}' },
  takeover: { rights: 'operate', summary: 'ask the peer for groups: {scope, groups?, wait?}' },
  setNode: { rights: 'operate', summary: 'weight or site of a node: {node, weight?, site?}' },
  addNode: { rights: 'admin', summary: 'take nodes into the cluster (refused with the reason): {nodes}' },
  deleteNode: { rights: 'admin', summary: 'forget a dead node: {nodes}' },
  outdatePeer: { rights: 'operate', summary: "have the peer's copy of a DRBD resource marked outdated" },
  cleanup: { rights: 'operate', summary: 'forget failures of a group: {group?: string}' },
  unmanage: { rights: 'operate', summary: 'keep hands off a group that runs here: {group: string}' },
  manage: { rights: 'operate', summary: 'the opposite of unmanage: {group: string}' },
  probeFence: { rights: 'operate', summary: 'ask each fence device of this node whether it could act' },
  confirmOff: { rights: 'admin', summary: 'the other node is off, an operator has seen it: {node: string}' },
  acknowledgeSplit: { rights: 'operate', summary: 'the SPLIT record has been seen' },
  configuration: {
    rights: 'read',
    summary: 'what the files of this node mean, line by line, and those of the other one',
  },
  reloadKeys: {
    rights: 'admin',
    summary: 'read authkeys again, unless that would cut the pair: {dryRun?: boolean, force?: boolean}',
  },
  reload: { rights: 'admin', summary: 'read all files again: {dryRun?: boolean}' },
  restart: { rights: 'admin', summary: 'start the daemon again, keep what runs: {}' },
  stop: { rights: 'admin', summary: 'graceful stop of this node' },
} as const satisfies Record<string, VerbDefinition>;

export type Verb = keyof typeof verbs;
