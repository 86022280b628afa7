import type { Configuration } from '../core/config/configuration.ts';

/** What scripts written for Heartbeat look for: `env` lines with the prefix HA_, and where to log. */
export function agentEnvironment({ environment, logging }: Configuration): Record<string, string> {
  const variables: Record<string, string> = {
    HA_debug: String(logging.debug),
    HA_LOGFACILITY: logging.facility ?? 'none',
  };
  if (logging.logfile !== undefined) variables['HA_LOGFILE'] = logging.logfile;
  if (logging.debugfile !== undefined) variables['HA_DEBUGLOG'] = logging.debugfile;
  for (const [name, value] of Object.entries(environment)) variables[`HA_${name}`] = value;
  return variables;
}
