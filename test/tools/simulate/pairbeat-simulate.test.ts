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
