/**
 * A `systemctl` that knows units only as files: `<directory>/NAME.unit` with the six properties, one a line, and how a
 * job on it goes. Answers on the command line exactly as far as the product asks. For tests and the lab, where no systemd runs.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A shell script for a PATH. Every call is noted in `<directory>/calls`; `inside`: the script's own view of it. */
export function installFakeSystemctl(binDirectory: string, directory: string, inside = directory): void {
  mkdirSync(binDirectory, { recursive: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(binDirectory, 'systemctl'), script(inside));
  chmodSync(join(binDirectory, 'systemctl'), 0o755);
}

/** `afterStart`: the ActiveState that a start leaves; `job`: exit code of start and stop; `slow`: seconds that a job takes. */
export function setUnit(
  directory: string,
  unit: string,
  unitState: Readonly<Record<string, string>>,
  plan: {
    readonly afterStart?: string;
    readonly afterStop?: string;
    readonly job?: number;
    readonly slow?: number;
  } = {},
): void {
  const state = { LoadState: 'loaded', ActiveState: 'inactive', SubState: 'dead', Result: 'success', ...unitState };
  const lines = Object.entries(state).map(([name, value]) => `${name}=${value}`);
  writeFileSync(join(directory, `${unit}.unit`), `${lines.join('\n')}\n`);
  const { afterStart = 'active', afterStop = 'inactive', job = 0, slow = 0 } = plan;
  writeFileSync(join(directory, `${unit}.plan`), `${afterStart} ${afterStop} ${job} ${slow}\n`);
}

const script = (directory: string): string => `#!/bin/sh
echo "$*" >> ${directory}/calls
while [ "\${1#-}" != "$1" ]; do shift; done
verb=$1
for unit; do :; done
file="${directory}/$unit.unit"
if [ ! -f "$file" ]; then
  [ "$verb" = show ] && { echo LoadState=not-found; echo ActiveState=inactive; echo SubState=dead; exit 0; }
  echo "Failed to $verb $unit: Unit $unit not found." >&2
  exit 5
fi
read -r after_start after_stop job slow < "${directory}/$unit.plan"
case "$verb" in
show) cat "$file"; exit 0 ;;
start) state=$after_start ;;
stop) state=$after_stop ;;
esac
[ "$slow" = 0 ] || sleep "$slow"
if [ "$job" != 0 ]; then
  echo "Job for $unit failed because the control process exited with error code." >&2
  exit "$job"
fi
sed -i "s/^ActiveState=.*/ActiveState=$state/" "$file"
`;
