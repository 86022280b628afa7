/** `crm_simulate` as a script meets it: everything it says, its exit codes, and the files it writes. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCib } from '../../../src/core/cib/xml.ts';
import { runCrmSimulate } from '../../../src/tools/crm-simulate/crm-simulate.ts';
import { childrenNamed, everyElement, parseXml } from '../../policy/xml-tree.ts';
import { expectGolden, run, transcribe } from '../run-command.ts';

const pair = join(import.meta.dirname, 'pair.xml');
const circle = join(import.meta.dirname, 'circle.xml');
const folder = mkdtempSync(join(tmpdir(), 'pairbeat-crm-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const crmSimulate = (...argv: string[]) => run((terminal) => runCrmSimulate(argv, terminal, '0'), { columns: 300 });
const now = ['-t', '2026-01-01T00:00:00Z'];

async function transcript(lines: readonly (readonly string[])[]): Promise<string> {
  let text = '';
  for (const argv of lines) {
    const done = await crmSimulate(...argv);
    text += transcribe(`crm_simulate ${argv.join(' ')}`, done, { [import.meta.dirname]: '.', [folder]: '/tmp' });
  }
  return text;
}

describe('what it says', () => {
  it('as text', async () => {
    expectGolden(
      'crm_simulate-text',
      await transcript([
        ['-x', pair],
        ['-x', pair, '-R'],
        ['-x', pair, '-S', '-A', '-c', ...now, '-i', 'ip_monitor_10000@node1=7'],
        ['-x', pair, '-S', ...now, '-d', 'node2', '-q', 'true', '-w', 'false', '-g', 't1', '-b', 't2'],
        ['-x', pair, '-S', ...now, '-F', 'ip_start_0@node2=1'],
        ['-x', pair, '-R', '-s', '-U', ...now],
        ['-x', circle, '-S', ...now],
      ]),
    );
  });

  it('as XML', async () => {
    expectGolden(
      'crm_simulate-xml',
      await transcript([
        ['-x', pair, '-S', '-A', '-c', '-s', '-U', '--output-as=xml', ...now, '-i', 'ip_monitor_10000@node1=7'],
        ['-x', circle, '-S', '--output-as=xml', ...now],
      ]),
    );
  });

  it('of mistakes', async () => {
    expectGolden(
      'crm_simulate-mistakes',
      await transcript([
        ['-S'],
        ['-L'],
        ['--bogus'],
        ['-x', join(folder, 'missing.xml'), '-S'],
        ['-x', pair, '--output-as=html'],
        ['-x', pair, '-u', 'node9'],
        ['-x', pair, '-i', 'web_monitor@node1'],
        ['-x', pair, '-t', 'yesterday'],
        ['-x', pair, '-q', 'perhaps'],
        ['-p', '-X'],
        ['-x', pair, '-S', '-O', join(folder, 'no/such/folder.xml')],
        ['-x', join(folder, 'missing.xml'), '--output-as=xml'],
      ]),
    );
  });
});

describe('what it writes', () => {
  const file = (name: string): string => join(folder, name);

  it('the CIB before and after, from which the next run goes on', async () => {
    const files = ['-I', file('before.xml'), '-O', file('after.xml')];
    expect((await crmSimulate('-x', pair, '-S', ...now, '-q', 'true', '-g', 't1', ...files)).code).toBe(0);
    expect(readFileSync(file('before.xml'), 'utf8')).toContain('<ticket_state granted="true" id="t1"/>');
    const next = await crmSimulate('-x', file('after.xml'), '-R', ...now);
    expect(next.out).toMatch(/Transition Summary:\n$/);
  });

  it('in place: the same file has the result, and what was configured is still there', async () => {
    const place = file('place.xml');
    cpSync(pair, place);
    await crmSimulate('-x', place, '-X', ...now);
    const after = parseCib(readFileSync(place, 'utf8'));
    const before = parseCib(readFileSync(pair, 'utf8'));
    if (!after.ok || !before.ok) throw new Error('not readable');
    expect(after.value.cib.configuration).toEqual(before.value.cib.configuration);
    expect(after.value.cib.status).not.toEqual(before.value.cib.status);
  });

  it('the graph: every trigger names an action of the graph, every arrow a point', async () => {
    await crmSimulate('-x', pair, '-S', ...now, '-G', file('graph.xml'), '-D', file('graph.dot'));
    const graph = parseXml(readFileSync(file('graph.xml'), 'utf8'));
    const synapses = childrenNamed(graph, 'synapse');
    expect(synapses.length).toBeGreaterThan(10);
    const ids = synapses.map(({ children }) => children[0]?.children[0]?.attributes['id']);
    const triggers = synapses.flatMap(({ children }) => children[1]?.children ?? []);
    expect(triggers.length).toBeGreaterThan(10);
    for (const trigger of triggers) expect(ids).toContain(trigger.children[0]?.attributes['id']);
    const started = [...everyElement(graph)].find(({ attributes }) => attributes['operation_key'] === 'web_start_0');
    expect(started?.attributes).toMatchObject({ operation: 'start', on_node: 'node2', on_node_uuid: '2' });
    const dot = readFileSync(file('graph.dot'), 'utf8');
    expect(dot).toContain('"ip_stop_0 node1" -> "ip_start_0 node2" [ style = bold]');
    expect(dot).toMatch(/^ digraph "g" \{\n[\s\S]*\}\n$/);
  });

  it('its answer to a file', async () => {
    const done = await crmSimulate('-x', pair, '-R', `--output-to=${file('answer.txt')}`);
    expect(done).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(file('answer.txt'), 'utf8')).toBe((await crmSimulate('-x', pair, '-R')).out);
  });
});

it('tells its version, and every option in its help', async () => {
  expect((await crmSimulate('-$')).out).toMatch(/^Pairbeat 0 /);
  const { out, code } = await crmSimulate('--help');
  expect(code).toBe(0);
  for (const letter of 'xpLRSXAcsUQVudfiFtqwgrbeIOGDah$') expect(out).toContain(`-${letter},`);
});
