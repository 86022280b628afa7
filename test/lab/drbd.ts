/**
 * A DRBD as far as its administration goes: a stand-in `drbdadm` that knows primary, secondary, role and outdate, keeps
 * its state in /run, and notes every call. No data is copied.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from './host.ts';

/** Laid over /usr/local/sbin of the host alone, where both Heartbeat and Pairbeat find it. */
export async function installDrbd(host: Host): Promise<void> {
  host.writeFile('bin/drbdadm', drbdadm, 0o755);
  await host.exec(['mount', '--bind', '/etc/ha.d/bin', '/usr/local/sbin']);
}

/** From now on `drbdadm outdate` ends with this code there. */
export function outdateEndsWith(host: Host, code: number): void {
  host.writeFile('drbdadm-code', `${code}\n`);
}

/** Every call, oldest first: `outdate data0`. */
export function drbdCalls(host: Host): string[] {
  const file = join(host.logDirectory, 'drbdadm-calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : [];
}

const drbdadm = `#!/bin/sh
state=/run/drbd-$2
role=Secondary
[ -r "$state" ] && read -r role < "$state"
[ "$1" = role ] || echo "$@" >> /var/log/drbdadm-calls
case "$1" in
  role) echo "$role/Unknown" ;;
  primary) echo Primary > "$state" ;;
  secondary) echo Secondary > "$state" ;;
  outdate)
    if [ -r /etc/ha.d/drbdadm-code ]; then exit "$(cat /etc/ha.d/drbdadm-code)"; fi
    if [ "$role" = Primary ]; then exit 17; fi
    ;;
  *) exit 3 ;;
esac
`;
