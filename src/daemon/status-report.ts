/** Puts the status together from both machines. Ages instead of times, "unknown" where nothing is known (S20). */

import { ownStatus, peerStatus } from '../core/cluster-events.ts';
import type { Configuration } from '../core/config/configuration.ts';
import type { Engine } from '../core/engine.ts';
import { statementOf } from '../core/haresources/facts.ts';
import { letterMeaning } from '../core/haresources/letters.ts';
import { resourceClass } from '../core/haresources/publish.ts';
import { type GroupState, letterOf, type NodeState } from '../core/node-state.ts';
import { peerReach, reachReport } from '../core/ping/reach.ts';
import { protectionOf } from '../core/protection.ts';
import type { Problem } from '../core/result.ts';
import { transportView } from '../core/transport/view.ts';
import { usPerMs } from '../core/types.ts';
import { describe } from '../protocol/catalogue.ts';
import type { ConfigurationReport } from '../protocol/schemas.ts';
import type { FailoverReport, GroupReport, NodeReport, PingNodeReport, StatusReport } from '../protocol/status.ts';
import { fencingReport } from './fencing-report.ts';
import { defaultPlace, type NodePlace } from './host-cache.ts';
import type { MachineCare } from './machine-care.ts';
import { monitoringReport, unmanagedReport } from './monitoring-report.ts';

export interface StatusInputs {
  readonly engine: Engine;
  readonly configuration: Configuration;
  readonly nowUs: number;
  readonly version: string;
  readonly pid: number;
  readonly hostPid: number;
  /** Links whose own socket does not work at present. */
  readonly failedLinks: ReadonlySet<string>;
  readonly lastFailover: FailoverReport | undefined;
  readonly counters: Readonly<Record<string, number>>;
  readonly placeOf: (node: string) => NodePlace;
  /** Programs, watchdog, and the alarms about them. */
  readonly care?: ReturnType<MachineCare['report']>;
}

export function buildStatus(inputs: StatusInputs): StatusReport {
  const { engine, configuration, nowUs } = inputs;
  const { node } = engine;
  const protection = protectionOf(node);
  const words = describe({ code: protection.code, fields: protection.fields });
  return {
    apiVersion: '1',
    product: { name: 'pairbeat', version: inputs.version },
    node: node.options.self,
    generation: node.generation,
    uptimeMs: ms(nowUs - node.bootUs),
    pid: inputs.pid,
    hostPid: inputs.hostPid,
    configuration: {
      directory: configuration.directory,
      digest: configuration.digest,
      keepaliveMs: configuration.timing.keepaliveMs,
      deadtimeMs: configuration.timing.deadtimeMs,
      autoFailback: configuration.autoFailback,
    },
    protection: { state: protection.state, reason: words.what, advice: words.advice },
    resourceManager: configuration.resourceManager,
    resourceStatus: resourceClass(node),
    nodes: nodeReports(inputs),
    ...pingNodeReports(node, nowUs),
    groups: node.groups.map((group) => groupReport(node, group, nowUs)),
    weakAuthentication: engine.transport.authentication.weaknesses,
    ...fencingReport(node, nowUs),
    ...careReport(inputs.care),
    ...differenceReport(node),
    alarms: [...node.alarms.values(), ...(inputs.care?.alarms ?? [])].map(({ problem, sinceUs }) =>
      alarmReport(problem, ms(nowUs - sinceUs)),
    ),
    counters: { ...transportView(engine.transport).counters, ...inputs.counters },
    ...(node.split === undefined ? {} : { split: splitReport(node, nowUs) }),
    ...(inputs.lastFailover === undefined ? {} : { lastFailover: inputs.lastFailover }),
  };
}

function careReport(care: StatusInputs['care']): Pick<StatusReport, 'services' | 'watchdog'> {
  const { services = [], watchdog } = care ?? {};
  return { ...(services.length === 0 ? {} : { services }), ...(watchdog === undefined ? {} : { watchdog }) };
}

function nodeReports({ engine, configuration, nowUs, failedLinks, placeOf }: StatusInputs): NodeReport[] {
  const { node, transport } = engine;
  const { peer } = node;
  const view = transportView(transport);
  const links = configuration.links.map((link) => {
    const seen = view.links.find((candidate) => candidate.link === link.id);
    const heard = seen?.lastHeardUs === undefined ? {} : { lastHeardMs: ms(nowUs - seen.lastHeardUs) };
    return { link: link.id, device: link.device, up: seen?.up ?? false, ...heard };
  });
  const self: NodeReport = {
    name: node.options.self,
    self: true,
    uuid: node.options.uuid,
    status: ownStatus(node),
    generation: node.generation,
    deadtimeMs: configuration.timing.deadtimeMs,
    product: 'pairbeat',
    configurationDigest: configuration.digest.slice(0, 16),
    keys: {
      signsWith: transport.authentication.sendIndex,
      accepts: transport.authentication.keys.map(({ index, method }) => ({ index, method })),
    },
    ...toldPlace(placeOf(node.options.self)),
    ...reachOf(reachReport(node)?.live),
    ...attributesOf(node.attributes.own),
    links: configuration.links.map((link) => ({ link: link.id, device: link.device, up: !failedLinks.has(link.id) })),
  };
  const heard = peer.lastHeardUs === 0 ? {} : { lastHeardMs: ms(nowUs - peer.lastHeardUs) };
  const digest = peer.configurationDigest === undefined ? {} : { configurationDigest: peer.configurationDigest };
  const other: NodeReport = {
    name: node.options.peer,
    self: false,
    uuid: peer.uuid,
    status: peerStatus(node),
    generation: peer.generation,
    ...heard,
    ...(peer.deadtimeMs === 0 ? {} : { deadtimeMs: peer.deadtimeMs }),
    product: peer.product,
    ...digest,
    ...(view.peer?.keys === undefined ? {} : { keys: view.peer.keys }),
    ...toldPlace(placeOf(node.options.peer)),
    ...reachOf(peerReach(node)),
    ...(peer.presence === 'up' ? attributesOf(node.attributes.peer) : {}),
    links,
  };
  return [self, other];
}

/** What nobody has changed goes without saying. */
function toldPlace({ weight, site }: NodePlace): Partial<NodePlace> {
  return {
    ...(weight === defaultPlace.weight ? {} : { weight }),
    ...(site === defaultPlace.site ? {} : { site }),
  };
}

function groupReport(node: NodeState, group: GroupState, nowUs: number): GroupReport {
  const statement = statementOf(node, group);
  const current = node.peer.presence === 'up' && node.peer.fresh;
  const theirs =
    node.peer.presence === 'left'
      ? 'stopped'
      : current && statement !== undefined
        ? letterMeaning[statement.letter]
        : 'unknown';
  const { evidence } = group;
  const because =
    evidence === undefined
      ? {}
      : {
          because: describe({
            code: `evidence-${evidence.kind}`,
            fields: { peer: node.options.peer, ...flat(evidence) },
          }).what,
        };
  return {
    key: group.configuration.key,
    owner: group.configuration.owner,
    resources: group.configuration.resources.map((resource) => resource.written),
    holdings: { [node.options.self]: letterMeaning[letterOf(group)], [node.options.peer]: theirs },
    ...(node.peer.reportUs === 0 ? {} : { peerStatementMs: ms(nowUs - node.peer.reportUs) }),
    ...because,
    ...(group.lastFailure === undefined ? {} : { lastFailure: group.lastFailure }),
    ...unmanagedReport(node, group),
    ...monitoringReport(node, group, nowUs),
  };
}

function pingNodeReports({ reach }: NodeState, nowUs: number): { readonly pingNodes?: readonly PingNodeReport[] } {
  const listed = reach.nodes.filter((one) => one.options.listed);
  if (listed.length === 0) return {};
  return {
    pingNodes: listed.map(({ options, status, answered, heardUs }) => ({
      name: options.name,
      kind: options.kind,
      addresses: options.targets.map((target) => target.address),
      status,
      ...(answered ? { lastHeardMs: ms(nowUs - heardUs) } : {}),
    })),
  };
}

const reachOf = (livePingNodes: number | undefined): { readonly livePingNodes?: number } =>
  livePingNodes === undefined ? {} : { livePingNodes };

const attributesOf = (attributes: ReadonlyMap<string, string>): Pick<NodeReport, 'attributes'> =>
  attributes.size === 0 ? {} : { attributes: Object.fromEntries(attributes) };

function flat(evidence: object): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(evidence).filter(([, value]) => typeof value !== 'object')) as Record<
    string,
    string | number | boolean
  >;
}

function alarmReport(problem: Problem, ageMs: number): { code: string; text: string; ageMs: number } {
  const words = describe(problem);
  return { code: problem.code, text: `${words.what} ${words.advice}`.trim(), ageMs };
}

function splitReport(node: NodeState, nowUs: number): { sinceMs: number; groups: readonly string[]; text: string } {
  const split = node.split!;
  const words = describe({
    code: 'split-record',
    fields: {
      groups: split.groups.join(' '),
      ...(split.healedUs > split.sinceUs ? { forMs: ms(split.healedUs - split.sinceUs) } : {}),
    },
  });
  return { sinceMs: ms(nowUs - split.healedUs), groups: split.groups, text: `${words.what} ${words.advice}`.trim() };
}

/** For `pairbeat check --peer`. Nodes that agree have the same lines. */
export function configurationReport({ options, peer, exchange }: NodeState): ConfigurationReport {
  const { self, configurationDigest: digest, configurationMeaning: meaning } = options;
  const { configurationDigest: theirs } = peer;
  const own = { node: self, digest, meaning };
  if (theirs === undefined) return own;
  const told = digest.startsWith(theirs) ? meaning : exchange.theirs;
  return { ...own, peer: { node: options.peer, digest: theirs, ...(told === undefined ? {} : { meaning: told }) } };
}

const differenceLinesMax = 100;

function differenceReport({ exchange }: NodeState): Pick<StatusReport, 'configurationDifference'> {
  if (exchange.difference === undefined) return {};
  const { onlyHere, onlyThere } = exchange.difference;
  const [here, there] = [onlyHere.slice(0, differenceLinesMax), onlyThere.slice(0, differenceLinesMax)];
  const omitted = onlyHere.length + onlyThere.length - here.length - there.length;
  return { configurationDifference: { onlyHere: here, onlyThere: there, omitted } };
}

const ms = (us: number): number => Math.round(us / usPerMs);
