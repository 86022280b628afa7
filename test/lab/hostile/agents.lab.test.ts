/** S18, F9: agents that write without end, never end, or leave everything behind. Host and daemon stay on time. */
import { eventually, expectAtMost, expectEqual, expectTrue } from '../expect.ts';
import type { Host } from '../host.ts';
import { sleep } from '../machine.ts';
import { type LabTest, type LabTestContext, labTest } from '../runner.ts';
import { openScene } from '../scene.ts';
import { usageOf } from './flood.ts';

const growthLimitKb = 48 * 1024;

/** What the monster does, by its action `status`, for as long as it is let; `start` and `stop` are well-behaved. */
const tricks = {
  'pours bytes without a newline': 'exec cat /dev/zero',
  'pours noise on both pipes': 'cat /dev/urandom >&2 & exec cat /dev/urandom',
  'pours lines': 'exec yes "running, or is it"',
  'never ends and hears no signal': "trap '' TERM INT HUP; while :; do sleep 100; done",
  'closes its pipes and stays': 'exec >&- 2>&- <&-; exec sleep 1000',
  'leaves children with its pipes': 'i=0; while [ $i -lt 60 ]; do sleep 1000 & i=$((i+1)); done; echo running',
  'leaves a swarm and ends': 'i=0; while [ $i -lt 60 ]; do setsid sleep 3 & i=$((i+1)); done; kill -9 $$',
} as const;

const monster = `#!/bin/sh
case "$1" in
start) : > /run/monster ;;
stop) rm -f /run/monster ;;
status)
  [ -e /run/monster ] || { echo stopped; exit 3; }
  read -r trick < /etc/ha.d/trick || trick=none
  case "$trick" in
${Object.entries(tricks)
  .map(([name, text]) => `  "${name}") ${text} ;;`)
  .join('\n')}
  *) echo running ;;
  esac ;;
esac
`;

type Trick = keyof typeof tricks;

async function endure(context: LabTestContext, wanted: readonly Trick[], milliseconds: number): Promise<void> {
  const { lab, pair, node1, probe } = await openScene(context, {
    start: false,
    haresources: 'node1 IPaddr::192.168.1.100/24/eth0 monster\n',
    pairbeatConf: `monitor_interval 100ms\nstatus_timeout ${Math.max(500, milliseconds / 2)}ms\nmonitor_failures 3\n`,
    deadtimeMs: 1000,
  });
  for (const host of lab.hosts) host.writeFile('resource.d/monster', monster, 0o755);
  await pair.startBoth();
  await probe.steady({ owner: 'node1' });
  const host = hostPidOf(node1);
  const before = usageOf(host);
  const fromUs = lab.nowUs();
  const lateBefore = (await pair.status(lab.host('node2')))?.counters['late'] ?? 0;
  for (const trick of wanted) {
    node1.writeFile('trick', `${trick}\n`);
    await sleep(milliseconds);
    const report = await pair.status(node1);
    expectTrue(report !== undefined, `${trick}: the daemon answers`);
    expectEqual(
      report!.nodes.map(({ status }) => status),
      ['active', 'active'],
      `${trick}: both nodes`,
    );
    expectAtMost(usageOf(host).residentKb - before.residentKb, growthLimitKb, `${trick}: kB that the host grew by`);
  }
  node1.writeFile('trick', 'none\n');
  await eventually(
    'all is well again',
    () => pair.status(node1),
    (report) => report?.groups[0]?.holdings['node1'] === 'running' && report.alarms.length === 0,
  );
  const grownMb = (usageOf(host).residentKb - before.residentKb) / 1024;
  context.note(
    `${wanted.length} tricks, host ${grownMb.toFixed(0)} MB more, ${node1.processes().length} processes left`,
  );
  expectEqual(hostPidOf(node1), host, 'the agent host, the same as before');
  expectEqual(
    (await probe.owners(fromUs)).map(({ owner }) => owner),
    ['node1'],
    'owners',
  );
  const report = await pair.status(lab.host('node2'));
  expectEqual((report?.counters['late'] ?? 0) - lateBefore, 0, 'keepalives of node1 that were late at node2');
}

const hostPidOf = (host: Host): number =>
  host.processes().find(({ argv }) => argv.some((word) => word.endsWith('agent-host.js')))!.pid;

export const hostileAgentTests: readonly LabTest[] = [
  labTest('agents that write without end and never stop: host and daemon stay on time and small', (context) =>
    endure(context, ['pours bytes without a newline', 'never ends and hears no signal'], 1200),
  ),
];

export const longHostileAgentTests: readonly LabTest[] = [
  labTest(
    'every trick of an agent, one after the other',
    (context) => endure(context, Object.keys(tricks) as Trick[], 6000),
    180_000,
  ),
];
