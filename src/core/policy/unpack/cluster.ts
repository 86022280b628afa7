/**
 * The first stage of a decision: from an immutable CIB to the working set. Options, nodes, resources with their instances and
 * tickets are filled; what runs where is for the status stage, constraints come after that.
 */
import type { Cib } from '../../cib/model.ts';
import { parseBoolean } from '../../cib/values.ts';
import type { RuleContext } from '../rules/context.ts';
import { effectivePairs } from '../rules/pairs.ts';
import type { Cluster, ClusterNode, ClusterOptions, PolicyWarning } from '../working-set.ts';
import { buildResource } from './build-resource.ts';
import { unpackNodes } from './nodes.ts';
import { unpackOptions } from './options.ts';
import { noteRecheck } from './rule-context.ts';
import { templatesOf, withTemplates } from './templates.ts';
import { unpackTickets } from './tickets.ts';
import { usesUnfencing } from './unfencing.ts';
import { warnOnce } from './warn.ts';

export interface UnpackEnvironment {
  /** Epoch seconds that count as now. */
  readonly nowS: number;
  /** MD5 in hexadecimal. */
  readonly md5: (text: string) => string;
}

export function unpackCluster(cib: Cib, { nowS, md5 }: UnpackEnvironment): Cluster {
  const warnings: PolicyWarning[] = [];
  let recheckAtS: number | undefined;
  const context: RuleContext = {
    cib,
    nowS,
    changesAt: (atS) => {
      recheckAtS = Math.min(recheckAtS ?? atS, atS);
    },
  };
  const haveQuorum = parseBoolean(cib.attributes['have-quorum']) === true;
  const options = unpackOptions({
    written: effectivePairs(cib.configuration.properties, context, { firstId: 'cib-bootstrap-options' }),
    haveQuorum,
    quorumPanic: parseBoolean(cib.attributes['no-quorum-panic']) === true,
    warnings,
  });
  const dcId = cib.attributes['dc-uuid'];
  const nodes = unpackNodes({ cib, options, context, dcId, warnings });
  const cluster = emptyCluster({ cib, nowS, md5, options, haveQuorum, dcId, nodes, warnings });
  if (recheckAtS !== undefined) noteRecheck(cluster, recheckAtS);
  unpackTickets(cluster);
  unpackResources(cluster);
  return cluster;
}

function unpackResources(cluster: Cluster): void {
  const templates = templatesOf(cluster.cib);
  for (const definition of cluster.cib.configuration.resources) {
    if (definition.kind === 'bundle') {
      warnOnce(cluster, { code: 'bundle-not-run', fields: { resource: definition.id } });
      continue;
    }
    const complete = withTemplates(definition, templates);
    if (complete === undefined) {
      warnOnce(cluster, { code: 'template-missing', fields: { resource: definition.id } });
      continue;
    }
    const resource = buildResource(cluster, complete, undefined);
    if (resource !== undefined) cluster.resources.push(resource);
  }
}

interface Beginning {
  readonly cib: Cib;
  readonly nowS: number;
  readonly md5: (text: string) => string;
  readonly options: ClusterOptions;
  readonly haveQuorum: boolean;
  readonly dcId: string | undefined;
  readonly nodes: ClusterNode[];
  readonly warnings: PolicyWarning[];
}

function emptyCluster(beginning: Beginning): Cluster {
  const { nodes, options } = beginning;
  return {
    ...beginning,
    // A watchdog can stand in for a device.
    haveFencingDevice: options.watchdogFencing,
    unfencing: usesUnfencing(beginning.cib),
    nodeById: new Map(nodes.map((node) => [node.id, node])),
    nodeByName: new Map(nodes.map((node) => [node.name, node])),
    resources: [],
    resourceById: new Map(),
    tickets: new Map(),
    failcountsToClear: [],
    demands: [],
    historiesToErase: [],
    expiredMonitors: new Set(),
    locations: [],
    colocations: [],
    orderings: [],
    actions: [],
    recheckAtS: undefined,
    contributions: [],
  };
}
