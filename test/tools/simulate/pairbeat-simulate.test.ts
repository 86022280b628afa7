/** `pairbeat simulate` as an administrator sees it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runProgram } from '../../../src/tools/pairbeat/program.ts';
import { addSimulate } from '../../../src/tools/pairbeat/simulate.ts';
import type { Terminal } from '../../../src/tools/terminal.ts';
import { expectGolden, run, transcribe } from '../run-command.ts';

const pair = join(import.meta.dirname, 'pair.xml');
const circle = join(import.meta.dirname, 'circle.xml');
const folder = mkdtempSync(join(tmpdir(), 'pairbeat-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const now = ['--now', '2026-01-01T00:00:00Z'];
const command = (argv: readonly string[]) => (terminal: Terminal) =>
  runProgram(argv, terminal, (program, finish) => addSimulate(program, { terminal, finish }));
// Wide: the length of the path must not decide where lines end.
const simulate = (...argv: string[]) => run(command(['simulate', ...argv]), { columns: 300 });

async function transcript(lines: readonly (readonly string[])[]): Promise<string> {
  let text = '';
  for (const argv of lines) {
    const done = await simulate(...argv);
    text += transcribe(`pairbeat simulate ${argv.join(' ')}`, done, { [import.meta.dirname]: '.', [folder]: '/tmp' });
  }
  return text;
}

it('shows what is, what would be done and why, the steps, and what would be then', async () => {
  expectGolden(
    'simulate',
    await transcript([
      ['--cib', pair, ...now],
      ['--cib', pair, ...now, '--steps', '--op-inject', 'ip_monitor_10000@node1=7'],
      ['--cib', pair, ...now, '--why', 'ip@node2'],
      ['--cib', pair, ...now, '--node-fail', 'node2', '--no-quorum'],
      ['--cib', pair, ...now, '--op-fail', 'ip_start_0@node2=1', '--steps'],
      ['--cib', circle, ...now],
    ]),
  );
});

it('ends with what it does not understand, at most twenty of it', async () => {
  const constraints = Array.from(
    { length: 25 },
    (_, index) => `<rsc_location id="l${index}" rsc="gone" node="node1" score="1"/>`,
  ).join('');
  const option = '<nvpair id="o" name="no-quorum-policy" value="banana"/>';
  const file = join(folder, 'remarks.xml');
  writeFileSync(
    file,
    `<cib><configuration><crm_config><cluster_property_set id="s">${option}</cluster_property_set></crm_config><nodes/><resources/><constraints>${constraints}</constraints></configuration></cib>`,
  );
  const { out } = await simulate('--cib', file, ...now);
  const remarks = out.slice(out.indexOf('Remarks')).trimEnd().split('\n');
  expect(remarks[1]).toContain('no-quorum-policy');
  expect(remarks[2]).toContain('l0');
  expect(remarks).toHaveLength(22);
  expect(remarks.at(-1)).toBe('  and 6 more; --json has all of them');
});

it('has all of it as JSON', async () => {
  expectGolden('simulate-json', await transcript([['--cib', pair, ...now, '--why', 'ip', '--json']]));
});

it('says of every mistake what it is and what to do', async () => {
  writeFileSync(join(folder, 'text.xml'), 'no XML');
  writeFileSync(join(folder, 'half.xml'), '<cib>\n  <configuration>\n');
  expectGolden(
    'simulate-mistakes',
    await transcript([
      [],
      ['--bogus'],
      ['--cib', join(folder, 'missing.xml')],
      ['--cib', folder],
      ['--cib', join(folder, 'text.xml')],
      ['--cib', join(folder, 'half.xml')],
      ['--cib', pair, '--now', 'yesterday'],
      ['--cib', pair, '--op-inject', 'web_monitor@node1'],
      ['--cib', pair, '--op-inject', 'web_monitor_0@node9=7'],
      ['--cib', pair, '--op-inject', 'wen_monitor_0@node1=7'],
      ['--cib', pair, '--op-fail', 'web'],
      ['--cib', pair, '--node-up', 'node9', '--json'],
    ]),
  );
});

it('gives the same bytes for the same question', async () => {
  const [one, other] = [
    await simulate('--cib', pair, ...now, '--json'),
    await simulate('--cib', pair, ...now, '--json'),
  ];
  expect(one).toEqual(other);
});

it('names the constraint of every contribution in full on a narrow terminal', async () => {
  const { out } = await run(command(['simulate', '--cib', pair, ...now, '--why', 'ip']), { columns: 60 });
  expect(out).toContain('shop-prefers-node2');
});

const cibOf = (resources: string, constraints = ''): string =>
  `<cib validate-with="pacemaker-3.9" have-quorum="1" epoch="1" num_updates="0" admin_epoch="0"><configuration><crm_config/><nodes><node id="1" uname="node1"/></nodes><resources>${resources}</resources><constraints>${constraints}</constraints></configuration><status><node_state id="1" uname="node1" in_ccm="true" crmd="online" join="member" expected="member"/></status></cib>`;
const dummy = (id: string): string => `<primitive id="${id}" class="ocf" provider="heartbeat" type="Dummy"/>`;

function saved(name: string, xml: string): string {
  const file = join(folder, name);
  writeFileSync(file, xml);
  return file;
}

it('holds the configuration against the schema only when asked, with line and column', async () => {
  const file = saved('twice.xml', cibOf(dummy('a') + dummy('a')));
  expect((await simulate('--cib', file, ...now)).out).not.toContain('already that of');
  const { code, out } = await simulate('--cib', file, ...now, '--check');
  expect(code).toBe(0);
  expect(out).toMatch(/Line 1, column \d+: The id a of <primitive id="a"> is already that of/);
});

it('asks why of a resource that does not exist: that is said', async () => {
  const { code, error } = await simulate('--cib', pair, ...now, '--why', 'nix');
  expect(code).not.toBe(0);
  expect(error).toContain('no primitive nix');
});

it('makes at most a thousand instances of a clone, and says so', async () => {
  const meta = '<meta_attributes id="m"><nvpair id="n" name="clone-max" value="100000000"/></meta_attributes>';
  const file = saved('clones.xml', cibOf(`<clone id="c">${meta}${dummy('d')}</clone>`));
  const { out } = await simulate('--cib', file, ...now);
  expect(out).toContain('more instances than are ever made: 1000');
});

it('ends in words where colocations hang together in a chain too long to follow', async () => {
  const length = 3000;
  const names = Array.from({ length }, (_, index) => `r${index}`);
  const chain = names
    .slice(1)
    .map((name, index) => `<rsc_colocation id="c${index}" rsc="${names[index]}" with-rsc="${name}" score="INFINITY"/>`);
  const { code, error } = await simulate(
    '--cib',
    saved('chain.xml', cibOf(names.map(dummy).join(''), chain.join(''))),
    ...now,
  );
  expect(code).not.toBe(0);
  expect(error).toContain('in a chain too long to be followed');
});
