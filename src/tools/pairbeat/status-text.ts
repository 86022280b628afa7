/**
 * The status as a person reads it at 3 a.m.: first whether the pair would survive a failure, then what is wrong, then
 * who runs what. Fits 80 columns, and never shows an old statement as if it were true now.
 */
import type { GroupReport, NodeReport, Protection, StatusReport } from '../../protocol/status.ts';
import type { Terminal } from '../terminal.ts';
import { age, type Cell, paint, span, type Tone, table, wrap } from '../text.ts';
import { careText } from './care-text.ts';
import { differenceText } from './difference-text.ts';
import { fencingText } from './fencing-text.ts';
import { keysText } from './keys-text.ts';

export function statusText(terminal: Terminal, status: StatusReport): string {
  return [
    protectionText(terminal, status),
    troubleText(terminal, status),
    nodesText(terminal, status) + keysText(terminal, status),
    pingNodesText(terminal, status),
    groupsText(terminal, status),
    fencingText(terminal, status),
    careText(terminal, status),
    failoverLine(terminal, status),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const protectionTone: Readonly<Record<Protection, Tone>> = {
  PROTECTED: 'good',
  UNPROTECTED: 'doubtful',
  'CANNOT FAIL OVER': 'bad',
};

function protectionText(terminal: Terminal, { protection }: StatusReport): string {
  const head = `${paint(terminal, protectionTone[protection.state] ?? 'bad', protection.state)}\n`;
  return (
    head + wrap(protection.reason, terminal.columns, '  ') + wrap(protection.advice, terminal.columns, '     ', '  -> ')
  );
}

function troubleText(terminal: Terminal, status: StatusReport): string {
  const lines: string[] = [];
  const add = (tone: Tone, word: string, text: string) => {
    lines.push(paint(terminal, tone, wrap(`${word}: ${text}`, terminal.columns, '  ', '')));
  };
  if (status.split !== undefined) {
    add('bad', 'SPLIT', `${status.split.text} (${age(status.split.sinceMs)} ago)`);
    lines.push(wrap('-> when it has been dealt with: pairbeat acknowledge-split', terminal.columns, '     ', '  '));
  }
  for (const alarm of status.alarms) add('bad', 'ALARM', `${alarm.text} (${age(alarm.ageMs)} ago)`);
  const difference = differentConfiguration(status);
  if (difference !== undefined) add('doubtful', 'CONFIGURATION', difference);
  if (status.configurationDifference !== undefined) {
    const [here, there] = [status.node, status.nodes.find((node) => !node.self)?.name ?? ''];
    lines.push(differenceText(terminal, { here, there }, status.configurationDifference));
  }
  for (const weakness of status.weakAuthentication) add('doubtful', 'WEAK AUTH', weakness);
  return lines.join('');
}

function differentConfiguration({ nodes }: StatusReport): string | undefined {
  const [self, other] = [nodes.find((node) => node.self), nodes.find((node) => !node.self)];
  const [ours, theirs] = [self?.configurationDigest, other?.configurationDigest];
  if (ours === undefined || theirs === undefined || ours === theirs) return undefined;
  return `the files of ${self?.name} and ${other?.name} differ; make ha.cf and haresources the same on both nodes`;
}

function nodesText(terminal: Terminal, status: StatusReport): string {
  const head: Cell[] = ['Node', 'State', 'Heard', 'Links'].map((text) => ({ text, tone: 'quiet' as const }));
  const rows = status.nodes.flatMap((node) => {
    const [first = { text: '' }, ...more] = linkCells(node);
    const state = { text: nodeState(node), tone: nodeTone(node) };
    const row: Cell[] = [{ text: node.self ? `${node.name} *` : node.name }, state, { text: heardText(node) }, first];
    // A line a link: that one is down must not be cut off at the edge of the terminal.
    return [row, ...more.map((cell): Cell[] => [{ text: '' }, { text: '' }, { text: '' }, cell])];
  });
  return table(terminal, [head, ...rows]);
}

/** What this node reaches; what the other reaches in number only, it says no more. */
function pingNodesText(terminal: Terminal, { nodes, pingNodes = [] }: StatusReport): string {
  if (pingNodes.length === 0) return '';
  const head: Cell[] = ['Ping node', 'State', 'Answered'].map((text) => ({ text, tone: 'quiet' as const }));
  const rows = pingNodes.map(({ name, status, lastHeardMs }): Cell[] => [
    { text: name },
    { text: status === 'ping' ? 'answers' : status, tone: status === 'ping' ? 'good' : 'bad' },
    { text: lastHeardMs === undefined ? 'never' : `${age(lastHeardMs)} ago` },
  ]);
  const counts = nodes.flatMap(({ name, livePingNodes }) =>
    livePingNodes === undefined ? [] : [`${name} reaches ${livePingNodes} of ${pingNodes.length}`],
  );
  return table(terminal, [head, ...rows]) + wrap(`${counts.join(', ')}.`, terminal.columns, '  ', '');
}

function nodeTone({ status }: NodeReport): Tone {
  return status === 'active' ? 'good' : status === 'dead' ? 'bad' : 'doubtful';
}

function nodeState(node: NodeReport): string {
  return node.product === 'heartbeat' ? `${node.status} (Heartbeat 3)` : node.status;
}

function heardText(node: NodeReport): string {
  if (node.self) return 'this node';
  return node.lastHeardMs === undefined ? 'never' : `${age(node.lastHeardMs)} ago`;
}

function linkCells(node: NodeReport): readonly Cell[] {
  if (node.self) return [];
  if (node.links.length === 0) return [{ text: 'unknown' }];
  return node.links.map(({ link, up, lastHeardMs }) =>
    up ? { text: `${link} up` } : { text: `${link} DOWN${silence(lastHeardMs)}`, tone: 'bad' as const },
  );
}

function silence(lastHeardMs: number | undefined): string {
  return lastHeardMs === undefined ? ' (never heard)' : ` (${age(lastHeardMs)})`;
}

function groupsText(terminal: Terminal, status: StatusReport): string {
  if (status.resourceManager === 'crm') return 'No resource groups: crm mode, in which this version manages none.\n';
  if (status.groups.length === 0) return 'No resource groups: haresources names none.\n';
  const names = status.nodes.map(({ name }) => name);
  const head: Cell[] = ['Group', 'Home', ...names].map((text) => ({ text, tone: 'quiet' as const }));
  const rows = status.groups.map((group): Cell[] => [
    { text: group.key },
    { text: group.owner },
    ...status.nodes.map((node) => holdingCell(status, group, node)),
  ]);
  return table(terminal, [head, ...rows]) + notes(terminal, status);
}

const holdingTone: Readonly<Record<string, Tone>> = {
  running: 'good',
  starting: 'doubtful',
  stopping: 'doubtful',
  'stop-failed': 'bad',
  'start-failed': 'bad',
  unknown: 'doubtful',
};

function holdingCell(status: StatusReport, group: GroupReport, node: NodeReport): Cell {
  const holding = group.holdings[node.name] ?? 'unknown';
  const tone = holdingTone[holding];
  const ageMs = group.peerStatementMs;
  // Older than a few keepalives: it was true when it was said, no more than that.
  const old = !node.self && ageMs !== undefined && ageMs > 3 * status.configuration.keepaliveMs + 1000;
  const text = old && holding !== 'unknown' ? `${holding}, ${age(ageMs)} ago` : holding;
  return { text, ...(tone === undefined ? {} : { tone: old ? 'doubtful' : tone }) };
}

/** Why each group runs here, and what failed: a line each, only where there is something to say. */
function notes(terminal: Terminal, status: StatusReport): string {
  let text = '';
  for (const group of status.groups) {
    const here = group.holdings[status.node];
    if (group.because !== undefined && here === 'running') {
      text += wrap(`${group.key} runs here because: ${group.because}`, terminal.columns, '    ', '  ');
    }
    text += monitoringNotes(terminal, group);
    if (group.lastFailure !== undefined) {
      text += wrap(`${group.key}: last failure here: ${group.lastFailure}`, terminal.columns, '    ', '  ');
    }
  }
  return text;
}

/** Only what is not as it should be: a resource that answers "running" needs no line. */
function monitoringNotes(terminal: Terminal, { key, unmanaged, monitoring }: GroupReport): string {
  const lines: string[] = [];
  if (unmanaged !== undefined) {
    const by = unmanaged.who === undefined ? '' : ` by ${unmanaged.who}, ${unmanaged.at ?? ''}`;
    lines.push(
      `${key} is UNMANAGED on ${unmanaged.node}${by}: not monitored, not moved. When done: pairbeat manage ${key}`,
    );
  }
  for (const { resource, status, ageMs } of monitoring?.resources ?? []) {
    const ago = ageMs === undefined ? '' : ` (${age(ageMs)} ago)`;
    if (status === 'unreliable') lines.push(`${key}: the status of ${resource} is unreliable: it is not monitored`);
    if (status === 'unknown') lines.push(`${key}: the status of ${resource} gives no clear answer${ago}`);
    if (status === 'stopped' || status === 'failed') lines.push(`${key}: ${resource} says "${status}"${ago}`);
  }
  if (monitoring !== undefined && monitoring.failures > 0)
    lines.push(`${key}: ${monitoring.failures} of ${monitoring.failuresMax} failures before it is given up here`);
  return lines.map((line) => wrap(line, terminal.columns, '    ', '  ')).join('');
}

function failoverLine(terminal: Terminal, { lastFailover }: StatusReport): string {
  if (lastFailover === undefined) return '';
  const { kind, from, groups, totalMs, agoMs } = lastFailover;
  const what = groups.join(', ');
  // The giver of a handover has no groups to name: when they ran again, only the other node knows.
  const gave = `${from} gave its groups away`;
  const words = {
    crash: `${what} taken over from ${from}`,
    standby: what === '' ? gave : `${what} handed over by ${from}`,
    stop: what === '' ? gave : `${what} taken over at the stop of ${from}`,
    start: `${what} started after the start of ${from}`,
  };
  const text = `Last failover ${age(agoMs)} ago: ${words[kind] ?? kind} in ${span(totalMs)}.`;
  return wrap(`${text} Details: pairbeat timeline`, terminal.columns, '  ', '');
}
