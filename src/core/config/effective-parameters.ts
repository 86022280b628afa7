/** The value in force of every scalar directive, for `cl_status hbparameter`, `heartbeat -v` and `heartbeat -D`. */
import { effectiveTiming } from './check-timing.ts';
import { type Directive, directives, isScalar } from './directives.ts';
import type { HaCf } from './ha-cf.ts';
import type { HostFacts } from './host-facts.ts';
import { defaultPort } from './parse-list-item.ts';

/** As written where it is written, else the default; computed defaults in milliseconds, as Heartbeat shows them. */
export function effectiveParameters({ scalars, ...haCf }: HaCf, host: HostFacts): Record<string, string> {
  const timing = effectiveTiming({ scalars, ...haCf });
  const computed: Record<string, string> = {
    keepalive: `${timing.keepaliveMs}ms`,
    deadtime: `${timing.deadtimeMs}ms`,
    warntime: `${timing.warntimeMs}ms`,
    initdead: `${timing.initdeadMs}ms`,
    deadping: `${timing.deadpingMs}ms`,
    udpport: String(host.servicePort ?? defaultPort),
    use_logd: '',
  };
  const parameters: Record<string, string> = {};
  for (const directive of directives) {
    if (directive.file !== 'ha.cf' || !isScalar(directive)) continue;
    const name = directive.name === 'pacemaker' ? 'crm' : directive.name;
    const value = scalars.get(name)?.written ?? computed[directive.name] ?? saidDefault(directive) ?? '';
    if (value !== '') parameters[directive.name] = value;
  }
  return parameters;
}

/** Scripts compare these texts: a default is spelled as 3.0.6 spells it, and rtprio has none there. */
function saidDefault(directive: Directive): string | undefined {
  return directive.name === 'rtprio' ? undefined : (spelledAsHeartbeat[directive.name] ?? directive.default);
}

const spelledAsHeartbeat: Readonly<Record<string, string>> = {
  realtime: 'true',
  log_badpack: 'true',
  syslogmsgfmt: 'true',
  coredumps: 'true',
  crm: 'false',
  pacemaker: 'false',
  traditional_compression: 'no',
};
