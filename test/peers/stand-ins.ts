/**
 * A lab host has no service manager, and npm has no network there. These scripts take the place of `systemctl` and
 * `npm` for the instructions of a page: they do to the host what the real ones would do, from the real unit files.
 */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../lab/host.ts';
import { program } from '../lab/pair.ts';
import { cleanEnvironment } from '../lab/processes.ts';

/** The compiled program lies one level deeper than its source. */
const project = join(import.meta.dirname, '../../..');

const programs = ['heartbeat', 'pairbeat', 'cl_status', 'hb_standby', 'hb_takeover'];

const unitDirectory = '/etc/systemd/system';

/** Prepares a running host; answers the environment in which its administrator types. */
export async function installStandIns(host: Host): Promise<Record<string, string>> {
  const bin = join(host.storage, 'bin');
  const modules = join(host.storage, 'node_modules');
  for (const directory of [bin, modules]) mkdirSync(directory, { recursive: true });
  symlinkSync(project, join(modules, 'pairbeat'));
  const script = (name: string, text: string) => writeFileSync(join(bin, name), text, { mode: 0o755 });
  script('systemctl', systemctl);
  script('npm', npm(bin, modules));
  if (!existsSync(unitDirectory)) throw new Error(`there is no ${unitDirectory} to be covered`);
  await host.exec(['mount', '-t', 'tmpfs', 'pairbeat-lab', unitDirectory]);
  return { PATH: `${bin}:${cleanEnvironment['PATH']}` };
}

/** `install -g` puts the programs of this project on the path, `root -g` says where the package would be. */
function npm(bin: string, modules: string): string {
  const links = programs.map((name) => {
    const line = program(name).join(' ');
    return `printf '#!/bin/sh\\nexec ${line} "$@"\\n' > ${bin}/${name}; chmod 755 ${bin}/${name}`;
  });
  return `#!/bin/sh
case "$1 $2" in
  'install -g')
${links.map((line) => `    ${line}`).join('\n')}
    ;;
  'uninstall -g') rm -f ${programs.map((name) => `${bin}/${name}`).join(' ')} ;;
  'root -g') echo ${modules} ;;
  *) echo "npm: not here: $*" >&2; exit 1 ;;
esac
`;
}

/** Start, stop, and what needs nothing; Type=notify is waited for by asking the daemon. */
const systemctl = `#!/bin/sh
unit=${unitDirectory}/heartbeat.service
[ -e $unit ] || unit=/lib/systemd/system/heartbeat.service
value() { sed -n "s/^$1=//p" $unit | head -n 1; }
start() {
  mkdir -p /run/heartbeat /run/resource-agents
  setsid $(value ExecStart) < /dev/null >> /var/log/heartbeat.service.out 2>&1 &
  echo $! > /run/lab-main-pid
  [ "$(value Type)" = notify ] || return 0
  tries=0
  until cl_status hbstatus > /dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || exit 1
    sleep 0.1
  done
}
stop() {
  read -r pid < /run/lab-main-pid
  if [ -n "$(value ExecStop)" ]; then $(value ExecStop) > /dev/null 2>&1; else kill -TERM "$pid"; fi
  while kill -0 "$pid" 2> /dev/null; do sleep 0.1; done
}
case "$*" in
  daemon-reload | 'enable heartbeat' | 'disable heartbeat') ;;
  'start heartbeat' | 'enable --now heartbeat') start ;;
  'stop heartbeat' | 'disable --now heartbeat') stop ;;
  *) echo "systemctl: not here: $*" >&2; exit 1 ;;
esac
`;
