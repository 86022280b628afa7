/** From what the files say to what they mean: defaults filled in, times and links compared with each other. */

import { linkId, nodeName } from '../types.ts';
import { checkHelpers } from './check-helpers.ts';
import { checkManager, resourceManagerOf } from './check-manager.ts';
import { checkTiming, effectiveTiming } from './check-timing.ts';
import type { Authentication, Configuration, GroupConfiguration, Tuning } from './configuration.ts';
import { meaningOf } from './digest.ts';
import { effectiveParameters } from './effective-parameters.ts';
import {
  checkFencing,
  defaultFenceDelayMs,
  defaultFenceProbeIntervalMs,
  defaultFenceTimeoutMs,
  fencingOf,
} from './fencing/check-fencing.ts';
import type { Reporter } from './findings.ts';
import { wholeFile } from './findings.ts';
import type { HaCf } from './ha-cf.ts';
import type { HostFacts } from './host-facts.ts';
import { nearestWord } from './nearest.ts';
import { defaultPort } from './parse-list-item.ts';

/** Everything about ha.cf that more than one line decides. */
export function checkWhole(haCf: HaCf, tuning: HaCf, host: HostFacts, reporter: Reporter): void {
  checkNodes(haCf, host, reporter);
  checkLinks(haCf, reporter);
  checkTiming(haCf, tuning, reporter);
  checkManager(haCf, reporter);
  checkFailback(haCf, reporter);
  checkHelpers(haCf, effectiveFailback(haCf), reporter);
  checkFencing(haCf, tuning, host, reporter);
  const useLogd = haCf.scalars.get('use_logd');
  if (useLogd?.value === false && effectiveFacility(haCf) === 'none' && !namesLogFile(haCf))
    reporter.report('logging-none', useLogd.place);
}

export function buildConfiguration(
  haCf: HaCf,
  tuning: HaCf,
  groups: readonly GroupConfiguration[],
  authentication: Authentication,
  host: HostFacts,
): Configuration {
  const text = (name: string): string | undefined => haCf.scalars.get(name)?.value.toString();
  const number = (name: string, otherwise: number): number => Number(haCf.scalars.get(name)?.value ?? otherwise);
  const facility = effectiveFacility(haCf);
  const logfile = text('logfile');
  const debugfile = text('debugfile');
  const withoutDigest: Omit<Configuration, 'digest' | 'meaning'> = {
    directory: host.directory,
    nodes: haCf.nodes.map((node) => nodeName(node.name)),
    localNode: nodeName(host.nodeName),
    timing: effectiveTiming(haCf),
    links: haCf.links.map(({ link }) => ({ ...link, id: linkId(link.id) })),
    udpport: number('udpport', host.servicePort ?? defaultPort),
    hopfudge: number('hopfudge', 1),
    maxRexmitDelayMs: number('max_rexmit_delay', 250),
    messageFormat: text('msgfmt') === 'netstring' ? 'netstring' : 'classic',
    generationFromClock: text('hbgenmethod') === 'time',
    ...effectiveCompression(haCf),
    autoFailback: effectiveFailback(haCf),
    realtime: { enabled: haCf.scalars.get('realtime')?.value !== false, priority: number('rtprio', 1) },
    authentication,
    resourceManager: resourceManagerOf(haCf),
    groups,
    pingNodes: haCf.pingNodes,
    helpers: haCf.helpers.map(({ helper }) => helper),
    logging: {
      ...(logfile === undefined ? {} : { logfile }),
      ...(debugfile === undefined ? {} : { debugfile }),
      ...(facility === 'none' ? {} : { facility }),
      debug: number('debug', 0),
      syslogFormat: haCf.scalars.get('syslogmsgfmt')?.value !== false,
      badPackets: haCf.scalars.get('log_badpack')?.value !== false,
    },
    services: haCf.services,
    clients: haCf.clients,
    ...(haCf.watchdog === undefined ? {} : { watchdog: haCf.watchdog }),
    ...fencingOf(haCf, host),
    tuning: effectiveTuning(tuning),
    environment: Object.fromEntries(haCf.environment),
    parameters: effectiveParameters(haCf, host),
  };
  const meaning = meaningOf(withoutDigest);
  return { ...withoutDigest, meaning, digest: host.sha256(meaning.join('\n')) };
}

const namesLogFile = ({ scalars }: HaCf): boolean => ['logfile', 'debugfile'].some((name) => scalars.has(name));

/** The logging daemon writes to syslog as `daemon`, and is used when asked for or when nothing else is named. */
function effectiveFacility(haCf: HaCf): string {
  const named = haCf.scalars.get('logfacility')?.value.toString() ?? 'none';
  const useLogd = haCf.scalars.get('use_logd')?.value ?? (named === 'none' && !namesLogFile(haCf));
  return named === 'none' && useLogd === true ? 'daemon' : named;
}

function effectiveCompression({ scalars }: HaCf): Pick<Configuration, 'compression'> {
  const algorithm = scalars.get('compression')?.value;
  if (algorithm !== 'zlib' && algorithm !== 'bz2') return {};
  const thresholdBytes = Number(scalars.get('compression_threshold')?.value ?? 2) * 1024;
  return {
    compression: { algorithm, thresholdBytes, wholeMessage: scalars.get('traditional_compression')?.value === true },
  };
}

function effectiveFailback(haCf: HaCf): Configuration['autoFailback'] {
  const written = haCf.scalars.get('auto_failback')?.value;
  if (written === 'on' || written === 'off') return written;
  return haCf.scalars.get('nice_failback')?.value === true && written === undefined ? 'off' : 'legacy';
}

function effectiveTuning({ scalars, monitorIntervals }: HaCf): Tuning {
  const number = (name: string, otherwise: number): number => Number(scalars.get(name)?.value ?? otherwise);
  return {
    announceIntervalMs: number('announce_interval', 60_000),
    startTimeoutMs: number('start_timeout', 60_000),
    stopTimeoutMs: number('stop_timeout', 60_000),
    statusTimeoutMs: number('status_timeout', 60_000),
    stopRetryDelayMs: number('stop_retry_delay', 1000),
    stopRetryMax: number('stop_retry_max', 10),
    guardianMarginMs: number('guardian_margin', 0),
    journalMaxBytes: number('journal_max_bytes', 8_388_608),
    journalSegments: number('journal_segments', 8),
    fenceAction: scalars.get('fence_action')?.value === 'off' ? 'off' : 'reset',
    fenceTimeoutMs: number('fence_timeout', defaultFenceTimeoutMs),
    fenceDelayMs: number('fence_delay', defaultFenceDelayMs),
    waitForAll: scalars.get('wait_for_all')?.value !== false,
    fenceProbeIntervalMs: number('fence_probe_interval', defaultFenceProbeIntervalMs),
    conflictCheck: scalars.get('conflict_check')?.value !== false,
    monitoring: {
      intervalMs: number('monitor_interval', 10_000),
      intervalsMs: Object.fromEntries(monitorIntervals.map(({ name, intervalMs }) => [name, intervalMs])),
      failuresMax: number('monitor_failures', 3),
      failureWindowMs: number('monitor_failure_window', 600_000),
    },
  };
}

function checkNodes({ nodes, pingNodes }: HaCf, host: HostFacts, reporter: Reporter): void {
  const names = nodes.map((node) => node.name);
  const first = nodes[0];
  if (first === undefined) {
    const known = pingNodes.some(({ name }) => name.toLowerCase() === host.nodeName);
    const code = known ? 'nodes-missing-but-pinged' : 'nodes-missing';
    reporter.report(code, wholeFile('ha.cf'), { node: host.nodeName });
    return;
  }
  if (!names.includes(host.nodeName)) {
    const nearest = nearestWord(host.nodeName, names) ?? '';
    reporter.report('node-self-missing', first.place, { node: host.nodeName, nodes: names.join(', '), nearest });
  }
  if (nodes.length === 1) reporter.report('node-alone', first.place, { node: first.name });
  if (nodes.length > 2) reporter.report('nodes-too-many', nodes[2]!.place, { count: nodes.length });
}

function checkLinks(haCf: HaCf, reporter: Reporter): void {
  const { links, unsupported } = haCf;
  if (links.length > 1 || (links.length === 0 && haCf.linkErrors > 0)) return;
  if (links.length === 1) {
    reporter.report('link-single', links[0]!.place, { link: links[0]!.link.id });
  } else if (unsupported.length > 0) {
    const media = [...new Set(unsupported.map((medium) => medium.name))].join(', ');
    reporter.report('links-unsupported-only', unsupported[0]!.place, { media });
  } else {
    const other = haCf.pingNodes.length > 0 ? 'links-ping-only' : 'links-missing';
    reporter.report(haCf.ownAddressLinks > 0 ? 'links-own-only' : other, wholeFile('ha.cf'));
  }
}

function checkFailback({ scalars, failed }: HaCf, reporter: Reporter): void {
  if (failed.has('auto_failback') || failed.has('nice_failback')) return;
  const failback = scalars.get('auto_failback');
  const nice = scalars.get('nice_failback');
  if (nice !== undefined) {
    const fields = { value: nice.written, meaning: nice.value === true ? 'off' : 'legacy' };
    reporter.report('nice-failback', nice.place, fields);
  }
  if (failback === undefined && nice?.value !== true) {
    reporter.report('auto-failback-legacy', wholeFile('ha.cf'), {
      written: 'no auto_failback line, which means legacy',
    });
  } else if (failback?.value === 'legacy') {
    reporter.report('auto-failback-legacy', failback.place, { written: 'auto_failback legacy' });
  }
}
