/**
 * S14: real daemons over damaged files. Every file and every damage is gone through in test/daemon/malformed-state.test.ts;
 * here is what a whole process makes of some of them: it starts, or it ends at once with a reason and an exit code.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, expectEqual, expectTrue } from '../expect.ts';
import type { Host } from '../host.ts';
import { sendSignal } from '../machine.ts';
import { program } from '../pair.ts';
import { type LabTest, type LabTestContext, labTest } from '../runner.ts';
import { openScene } from '../scene.ts';

const noise = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 193) & 255));
/** LSB: an init script's start that failed for a reason of its own. */
const startFailed = 1;

/** Nothing that runs depends on these. */
function damageHarmlessly(host: Host): void {
  const state = host.stateDirectory;
  execFileSync('mkfifo', [join(state, 'hostcache')]);
  mkdirSync(join(state, 'fifo'));
  mkdirSync(join(state, 'journal'));
  writeFileSync(join(state, 'journal', 'journal-0000000004.ndjson'), noise);
  truncateSync(join(state, 'journal', 'journal-0000000004.ndjson'), 2 ** 30);
  const run = host.path('/run/heartbeat');
  mkdirSync(run, { recursive: true });
  for (const name of ['heartbeat.pid', 'host.pid', 'guardian.log', 'host-services.json'])
    execFileSync('mkfifo', [join(run, name)]);
}

interface Refusal {
  readonly what: string;
  readonly damage: (state: string) => void;
  readonly repair: (state: string) => void;
  readonly words: string;
}

const identityFiles = ['hb_generation', 'pairbeat-identity', 'pairbeat-identity.previous'];

const refusals: readonly Refusal[] = [
  {
    what: 'noise in the record of the peer',
    damage: (state) => writeFileSync(join(state, 'peers.json'), noise),
    repair: (state) => rmSync(join(state, 'peers.json')),
    words: 'a damaged file never counts as an empty one',
  },
  {
    what: 'a FIFO in place of the record of failed stops',
    damage: (state) => execFileSync('mkfifo', [join(state, 'failed-stops.json')]),
    repair: (state) => rmSync(join(state, 'failed-stops.json')),
    words: 'is no plain file: it is a FIFO',
  },
  {
    what: 'no generation that could be read',
    damage(state) {
      for (const name of identityFiles) writeFileSync(join(state, name), '     18000');
    },
    repair(state) {
      for (const name of identityFiles) rmSync(join(state, name));
    },
    words: 'The generation of this node cannot be read',
  },
];

async function startOrRefuse(context: LabTestContext): Promise<void> {
  const { lab, pair, node1, node2, probe } = await openScene(context, { start: false });
  damageHarmlessly(node1);
  for (const { what, damage, repair, words } of refusals) {
    damage(node2.stateDirectory);
    const refused = await node2.exec(program('heartbeat', '-f'), { timeoutMs: 10_000 });
    expectEqual(refused.code, startFailed, `exit code with ${what}`);
    expectTrue(refused.stderr.includes(words), `${what}: "${words}"`, refused.stderr);
    repair(node2.stateDirectory);
  }
  await pair.startBoth();
  await probe.steady({ owner: 'node1' });
  expectTrue(lab.host('node1').running, 'node1 runs over what is damaged');
}

/** Daemon and host are gone at once, and what the host had written down is gone with them. */
async function stopWhatIsForgotten(context: LabTestContext): Promise<void> {
  const { pair, node1, node2, probe } = await openScene(context, { start: false, initdeadMs: 1000 });
  node2.crash();
  await pair.start(node1);
  await probe.steady({ owner: 'node1' });
  await eventually('the web server runs', () => pair.httpdRuns(node1), Boolean);
  const before = pair.httpdActions(node1).length;
  for (const { pid } of node1.processes()) sendSignal(pid, 'SIGKILL');
  await eventually(
    'all are gone',
    () => node1.processes().length,
    (count) => count === 0,
  );
  truncateSync(node1.path('/run/heartbeat/host-inventory.ndjson'), 100);
  await pair.start(node1);
  await eventually(
    'it runs again',
    () => pair.httpdActions(node1).length,
    (count) => count >= before + 2,
  );
  const actions = pair.httpdActions(node1).slice(before);
  expectEqual(
    actions.map(({ action }) => action),
    ['stop', 'start'],
    'what was done to the web server',
  );
}

export const stateTests: readonly LabTest[] = [
  labTest('damaged files at start: the node starts with what is true, or ends at once and says why', startOrRefuse),
  labTest('a damaged inventory of what runs: all of it is stopped before anything starts', stopWhatIsForgotten),
];
