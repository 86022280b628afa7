/** The two programs that can be a node: how each is started and asked. Both find the same files on the host. */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from '../lab/enter.ts';
import type { Host } from '../lab/host.ts';
import { program } from '../lab/pair.ts';

export type Kind = 'real' | 'pairbeat';

/** What an administrator types, as argument arrays. */
export interface Software {
  readonly daemon: readonly string[];
  readonly standby: readonly string[];
  readonly takeover: readonly string[];
  readonly clStatus: readonly string[];
}

const heartbeatDaemon = '/usr/libexec/heartbeat/heartbeat';
const heartbeatTools = '/usr/share/heartbeat';

export const software: Record<Kind, Software> = {
  real: {
    daemon: [heartbeatDaemon, '-f'],
    standby: [join(heartbeatTools, 'hb_standby')],
    takeover: [join(heartbeatTools, 'hb_takeover')],
    clStatus: ['cl_status'],
  },
  pairbeat: {
    daemon: program('heartbeat', '-f'),
    standby: program('hb_standby'),
    takeover: program('hb_takeover'),
    clStatus: program('cl_status'),
  },
};

/** Why the real Heartbeat cannot run here, `undefined` if it can. */
export function realUnavailable(): string | undefined {
  const missing = [heartbeatDaemon, join(heartbeatTools, 'hb_standby'), '/etc/ha.d/harc'].find(
    (file) => !existsSync(file),
  );
  if (missing !== undefined) return `no ${missing}: the Debian package heartbeat is not installed`;
  const agent = '/usr/lib/ocf/resource.d/heartbeat/IPaddr2';
  if (!existsSync(agent)) return `no ${agent}: the Debian package resource-agents is not installed`;
  return findCommand('cl_status') === undefined
    ? 'no cl_status: the Debian package heartbeat is incomplete'
    : undefined;
}

/** What the Debian package puts on a host's disk: hooks, resource scripts, directories. */
export function installHeartbeatFiles(host: Host): void {
  cpSync('/etc/ha.d', host.configurationDirectory, { recursive: true });
  cpSync('/var/lib/heartbeat', host.stateDirectory, { recursive: true });
}

/** Directories in /run that systemd-tmpfiles makes at boot for the Debian packages. */
export async function prepareRun(host: Host): Promise<void> {
  await host.exec(['mkdir', '-p', '/run/heartbeat', '/run/resource-agents']);
}
