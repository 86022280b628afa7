/**
 * docs/migrate-from-heartbeat.md, typed as it stands by a machine: two real nodes become Pairbeat, and real again. With
 * auto_failback off, because then nothing moves by itself and every command of the page is needed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, expectEqual, expectTrue } from '../lab/expect.ts';
import type { Host } from '../lab/host.ts';
import { sleep } from '../lab/machine.ts';
import { type LabTest, type LabTestContext, labTest } from '../lab/runner.ts';
import { type Instruction, instructionsOf } from './guide.ts';
import { installNode } from './node.ts';
import { setupOf } from './performance.ts';
import { overlaps, serviceSpells } from './services.ts';
import { configurationOf, groupOf } from './setup.ts';
import { installStandIns } from './stand-ins.ts';

/** The compiled program lies one level deeper than its source. */
const page = join(import.meta.dirname, '../../..', 'docs/migrate-from-heartbeat.md');

/** A real node may take 10 s of rest and some retries before it does what it is asked. */
const patienceMs = 60_000;

export const asWrittenTests: readonly LabTest[] = [
  labTest('docs/migrate-from-heartbeat.md, as written', (context) => followThePage(context), 600_000),
];

async function followThePage(context: LabTestContext): Promise<void> {
  const instructions = instructionsOf(readFileSync(page, 'utf8'));
  expectTrue(instructions.length > 20, 'the page has instructions', instructions.length);
  const lab = await context.lab();
  const configuration = configurationOf(setupOf({ groups: 'one', autoFailback: 'off' }, 'bcast', 'sha1'));
  const environment = new Map<string, Record<string, string>>();
  for (const host of lab.hosts) {
    installNode(host, configuration);
    environment.set(host.name, await installStandIns(host));
  }
  const type = (host: Host, command: string) =>
    host.exec(['sh', '-c', command], { env: environment.get(host.name)!, timeoutMs: patienceMs });
  const { address } = groupOf.node1;
  const observer = await lab.observe(address);
  const probe = await lab.probe(address, { everyMs: 2 });
  for (const host of lab.hosts) await type(host, 'systemctl start heartbeat');
  await probe.steady({ owner: 'node1', timeoutMs: patienceMs });
  await sleep(2000);

  let section = '';
  let fromUs = lab.nowUs();
  const sectionEnds = async (next: string): Promise<void> => {
    if (section !== '') context.note(`${section}: ${(await probe.outage(fromUs)).ms.toFixed(0)} ms`);
    fromUs = lab.nowUs();
    section = next;
  };
  for (const instruction of instructions) {
    if (instruction.section !== section) await sectionEnds(instruction.section);
    await follow(type, lab.host(instruction.node), instruction);
    // Nobody types the next command within the same second, and a real node refuses what comes before it is at rest.
    await sleep(2000);
  }
  await sectionEnds('');
  expectEqual(await observer.doubleOwners(), [], 'times with two owners of the address');
  const spells = lab.hosts.map((host) => serviceSpells(host, [], lab.nowUs()));
  expectEqual(overlaps(spells[0]!, spells[1]!), [], 'services that ran on both nodes');
}

type Type = (host: Host, command: string) => Promise<{ code: number; stdout: string; stderr: string }>;

async function follow(type: Type, host: Host, { command, prints, line }: Instruction): Promise<void> {
  const where = `${host.name}# ${command} (line ${line} of the page)`;
  const satisfied = ({ code, stdout }: { code: number; stdout: string }) =>
    code === 0 && prints.every((wanted) => stdout.split('\n').some((printed) => printed.trim() === wanted));
  if (prints.length > 0) await eventually(where, () => type(host, command), satisfied, patienceMs);
  else {
    const answer = await type(host, command);
    expectTrue(satisfied(answer), `${where} succeeds`, answer);
  }
}
