/** What ha.cf and pairbeat.conf say about fencing taken together: the devices of this node, and what they lack. */
import { compareText, type NodeName, nodeName } from '../../types.ts';
import { type Place, type Reporter, wholeFile } from '../findings.ts';
import type { HaCf } from '../ha-cf.ts';
import type { HostFacts } from '../host-facts.ts';
import { nearestWord } from '../nearest.ts';
import { printTime } from '../values.ts';
import { deviceTimes } from './device-times.ts';
import { type FenceDevice, type FencingConfiguration, fenceKindOf, isSecretName, servesPeer } from './fence-device.ts';
import { noProofReason, noProofWords } from './no-proof.ts';
import type { FenceLine } from './parse-fence-line.ts';

/** Absent without a stonith or stonith_host line. */
export function fencingOf(haCf: HaCf, host: HostFacts): { readonly fencing?: FencingConfiguration } {
  if (haCf.fenceLines.length === 0) return {};
  const lines = haCf.fenceLines.map(meaningOfLine).sort(compareText);
  const self = nodeName(host.nodeName);
  const peer = peerOf(haCf, host);
  const usable = haCf.fenceLines.filter((line) => isUsable(line, self, peer));
  const devices: FenceDevice[] = [];
  for (const { type, parameters } of usable) {
    const kind = fenceKindOf(type);
    if (kind === undefined || parameters === undefined || peer === undefined) continue;
    const same = devices.filter((device) => device.type === type).length;
    const name = same === 0 ? type : `${type}-${same + 1}`;
    devices.push({ name, type, kind, parameters, pair: { self, peer } });
  }
  return { fencing: { devices, lines } };
}

const peerOf = ({ nodes }: HaCf, host: HostFacts): NodeName | undefined => {
  const other = nodes.find(({ name }) => name !== host.nodeName);
  return other === undefined ? undefined : nodeName(other.name);
};

const meaningOfLine = ({ directive, host, type }: FenceLine): string =>
  directive === 'stonith' ? `stonith ${type}` : `stonith_host ${host} ${type}`;

function isUsable({ type, parameters }: FenceLine, self: NodeName, peer: NodeName | undefined): boolean {
  if (noProofReason(type) !== undefined) return false;
  return parameters !== undefined && peer !== undefined && servesPeer(parameters, self, peer);
}

export function checkFencing(haCf: HaCf, tuning: HaCf, host: HostFacts, reporter: Reporter): void {
  const { fenceLines } = haCf;
  const [first] = fenceLines;
  if (first === undefined) {
    const idle = ['fence_action', 'fence_timeout', 'fence_delay', 'wait_for_all', 'fence_probe_interval'];
    const written = idle.map((name) => tuning.scalars.get(name)).find((scalar) => scalar !== undefined);
    if (written !== undefined) reporter.report('fence-options-idle', written.place);
    return;
  }
  checkHosts(haCf, host, reporter);
  checkDevices(haCf, tuning, host, reporter);
  checkSecrets(haCf, host, reporter);
  checkTimes(haCf, tuning, reporter, first.place);
}

function checkHosts({ fenceLines, nodes }: HaCf, host: HostFacts, reporter: Reporter): void {
  const names = nodes.map(({ name }) => name);
  for (const line of fenceLines) {
    if (line.host === '*' || names.includes(line.host)) continue;
    const nearest = nearestWord(line.host, names) ?? '';
    reporter.report('fence-host-unknown', line.hostPlace, { host: line.host.slice(0, 100), nearest });
  }
  const mine = fenceLines.filter((line) => line.host === '*' || line.host === host.nodeName);
  if (mine.length === 0) reporter.report('fence-none-for-this-node', fenceLines[0]!.hostPlace, { node: host.nodeName });
}

function checkDevices(haCf: HaCf, tuning: HaCf, host: HostFacts, reporter: Reporter): void {
  const self = nodeName(host.nodeName);
  const peer = peerOf(haCf, host);
  const mine = haCf.fenceLines.filter((line) => line.parameters !== undefined);
  const read = mine.filter(({ type }) => noProofReason(type) === undefined);
  for (const { type, place } of mine) {
    const agent = /^(rhcs\/)?fence_/.test(type);
    if (agent) reporter.report('fence-agent-unknown-to-heartbeat', place, { type });
    const reason = noProofReason(type);
    if (reason !== undefined)
      reporter.report('fence-no-proof', place, { type, why: noProofWords[reason], alone: read.length === 0, agent });
  }
  const usable = read.filter((line) => isUsable(line, self, peer));
  if (read.length > 0 && usable.length === 0 && peer !== undefined)
    reporter.report('fence-not-for-peer', read[0]!.place, { type: read[0]!.type, peer, node: self });
  if (usable.length > 1) reporter.report('fence-several', usable[1]!.place, { type: usable.at(-1)!.type });
  for (const line of usable) {
    if (!/^(rhcs\/)?fence_/.test(line.type) && line.directive === 'stonith_host' && line.parameters?.form === 'named')
      reporter.report('fence-parameters-named', line.place, { type: line.type });
    checkDeviceTimes(line, tuning, reporter);
  }
}

function checkDeviceTimes({ type, parameters, place }: FenceLine, tuning: HaCf, reporter: Reporter): void {
  const times = deviceTimes(type, parameters);
  if (times === undefined) return;
  const written = (name: string): Place => tuning.scalars.get(name)?.place ?? place;
  const timeoutMs = Number(tuning.scalars.get('fence_timeout')?.value ?? defaultFenceTimeoutMs);
  if (times.longestSeconds * 1000 >= timeoutMs) {
    const fields = { timeout: printTime(timeoutMs), type, needed: times.longestSeconds };
    reporter.report('fence-timeout-short', written('fence_timeout'), fields);
  }
  const delayMs = Number(tuning.scalars.get('fence_delay')?.value ?? defaultFenceDelayMs);
  if (delayMs > 0 && times.usualSeconds * 1000 >= delayMs) {
    const fields = { delay: printTime(delayMs), type, needed: times.usualSeconds, by: times.usualBy };
    reporter.report('fence-delay-short', written('fence_delay'), fields);
  }
}

export const defaultFenceTimeoutMs = 60_000;
export const defaultFenceDelayMs = 2000;
export const defaultFenceProbeIntervalMs = 3_600_000;

/** ha.cf is usually readable by everybody. */
function checkSecrets({ fenceLines }: HaCf, host: HostFacts, reporter: Reporter): void {
  const mode = host.haCfMode;
  if (mode === undefined || (mode & 0o044) === 0) return;
  const line = fenceLines.find((one) => one.directive === 'stonith_host' && hasSecret(one));
  if (line === undefined) return;
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  reporter.report('fence-secret-readable', line.place, { type: line.type, mode: shown });
}

/** Types without any password: their parameters are names of hosts. */
const harmlessTypes = ['null', 'ssh', 'external/ssh', 'meatware', 'suicide', 'external/xen0', 'external/libvirt'];

function hasSecret({ type, parameters }: FenceLine): boolean {
  if (parameters === undefined || harmlessTypes.includes(type)) return false;
  if (parameters.form === 'named') return Object.keys(parameters.values).some(isSecretName);
  return parameters.text.split(/\s+/).length > 1;
}

function checkTimes(_haCf: HaCf, tuning: HaCf, reporter: Reporter, first: Place): void {
  const delay = tuning.scalars.get('fence_delay');
  if (Number(delay?.value ?? defaultFenceDelayMs) === 0)
    reporter.report('fence-no-delay', delay?.place ?? wholeFile('pairbeat.conf'));
  const wait = tuning.scalars.get('wait_for_all');
  if (wait?.value === false) reporter.report('fence-boot-loop', wait.place ?? first);
}
