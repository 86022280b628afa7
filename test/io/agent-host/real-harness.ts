/** The real agent host with dash scripts in a directory of its own. The host runs from dist: `npm run build` first. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FenceDevice } from '../../../src/core/config/fencing/fence-device.ts';
import { createAgentHost } from '../../../src/io/agent-host/agent-host.ts';
import { builtHostEntry } from '../../../src/io/agent-host/host-launch.ts';
import { createClock } from '../../../src/io/clock.ts';
import type { AgentHost } from '../../../src/ports/agents.ts';
import type { AgentHostHarness } from '../../contract/agent-host-contract.ts';

export interface RealHarness extends AgentHostHarness {
  readonly directory: string;
  readonly runDir: string;
  readonly haDir: string;
  readonly logged: { readonly level: string; readonly code: string }[];
  /** Process ids of fence devices that `behaveFence('hangs')` let hang. */
  hanging(): number[];
  /** An executable in resource.d. */
  install(name: string, text: string): void;
}

/** Keeps a file as its state; what `behaviour` says is done wrong. */
const wellBehavedScript = (directory: string): string => `#!/bin/sh
name=\${0##*/}
for action; do :; done
state=${directory}/state/$name
behaviour=$(cat ${directory}/state/$name.behaviour 2>/dev/null)
case "$action.$behaviour" in
start.start-fails) echo "start refused" >&2; exit 3 ;;
start.start-hangs) : > "$state"; exec sleep 1000 ;;
start.start-lies) exit 0 ;;
start.*) : > "$state" ;;
stop.stop-fails) echo "stop refused" >&2; exit 1 ;;
stop.*) rm -f "$state" ;;
status.*) if [ -e "$state" ]; then echo running; else echo stopped; fi ;;
esac
`;

/** A fence agent by the API: parameters on standard input, the truth in a file. */
const fenceAgent = (directory: string): string => `#!/bin/sh
while IFS== read -r name value; do
case "$name" in action) action=$value ;; nodename) node=$value ;; esac
done
behaviour=$(cat ${directory}/state/fence.behaviour 2>/dev/null)
case "$action.$behaviour" in
metadata.*) printf '<actions><action name="on"/><action name="off"/><action name="status"/><action name="monitor"/></actions>' ;;
monitor.fails|off.fails) echo "ERROR: power switch refused" >&2; exit 1 ;;
off.hangs) echo $$ >> ${directory}/state/hanging; exec sleep 1000 ;;
off.lies) ;;
off.*) echo "$node" >> ${directory}/state/fenced ;;
status.lies) exit 0 ;;
status.*) exit 2 ;;
esac
`;

const patienceMs = 15_000;

export async function openRealHarness(): Promise<RealHarness> {
  if (!existsSync(builtHostEntry)) throw new Error(`${builtHostEntry} is missing: run npm run build first`);
  const directory = mkdtempSync(join(tmpdir(), 'pairbeat-agent-host-'));
  const haDir = join(directory, 'ha.d');
  const runDir = join(directory, 'run');
  for (const name of ['ha.d/resource.d', 'ha.d/conf/OCF', 'state', 'init.d', 'ocf/resource.d/heartbeat', 'run'])
    mkdirSync(join(directory, name), { recursive: true });
  const clock = createClock();
  const logged: RealHarness['logged'] = [];
  const hosts: AgentHost[] = [];
  const install = (name: string, text: string): void =>
    writeFileSync(join(haDir, 'resource.d', name), text, { mode: 0o755 });
  mkdirSync(join(haDir, 'stonith'));
  writeFileSync(join(haDir, 'stonith', 'fence_test'), fenceAgent(directory), { mode: 0o755 });
  const fenceDevices: FenceDevice[] = [
    { name: 'fence_test', type: 'fence_test', kind: 'agent', parameters: { form: 'named', values: {} } },
  ];
  for (const name of ['web', 'database', 'before']) install(name, wellBehavedScript(directory));

  return {
    directory,
    runDir,
    haDir,
    logged,
    install,
    createHost() {
      const host = createAgentHost({
        runDir,
        haDir,
        stateDir: directory,
        environment: { HA_TEST: 'yes' },
        initDir: join(directory, 'init.d'),
        ocfRoot: join(directory, 'ocf'),
        fenceDevices,
        log: { write: (level, message) => void logged.push({ level, code: message.code }) },
      });
      hosts.push(host);
      return host;
    },
    behave: (type, behaviour) => writeFileSync(join(directory, 'state', `${type}.behaviour`), behaviour),
    behaveFence: (behaviour) => writeFileSync(join(directory, 'state', 'fence.behaviour'), behaviour),
    switchedOff: () =>
      existsSync(join(directory, 'state', 'fenced'))
        ? readFileSync(join(directory, 'state', 'fenced'), 'utf8')
            .trim()
            .split('\n')
        : [],
    hanging: () => {
      const file = join(directory, 'state', 'hanging');
      return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
    },
    runs: (resource) => existsSync(join(directory, 'state', resource.type)),
    killHost: (pid) => void process.kill(pid, 'SIGKILL'),
    nowUs: clock.nowUs,
    until: (condition) => until(condition),
    async close() {
      for (const host of hosts) host.dismiss(true);
      await endHost(runDir);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('what was waited for did not happen');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export function hostPid(runDir: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(join(runDir, 'host.pid'), 'utf8')) as { pid: number }).pid;
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}

/** A host that still holds something stays on purpose: tests end it by its recorded id. */
async function endHost(runDir: string): Promise<void> {
  const pid = hostPid(runDir);
  if (pid === undefined || !isAlive(pid)) return;
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(pid));
}
