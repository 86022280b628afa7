/** Questions of the form "what if" against a small pair, from the change of the status to the words of the summary. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cib } from '../../../../src/core/cib/model.ts';
import { parseCib } from '../../../../src/core/cib/xml.ts';
import { type Injection, inject, parseOperationSpec } from '../../../../src/core/policy/simulate/inject.ts';
import { type Simulation, simulate } from '../../../../src/core/policy/simulate/simulate.ts';
import { md5 } from '../../../../src/tools/simulate/prepare.ts';

const environment = { nowS: 1_767_225_600, md5 };
const text = readFileSync(join(import.meta.dirname, '../../../tools/simulate/pair.xml'), 'utf8');

function cibOf(xml: string): Cib {
  const parsed = parseCib(xml);
  if (!parsed.ok) throw new Error(parsed.problem.code);
  return parsed.value.cib;
}

function played(xml: string, injections: readonly Injection[] = [], failing: readonly string[] = []): Simulation {
  const changed = inject(cibOf(xml), injections, environment);
  if (!changed.ok) throw new Error(changed.problem.code);
  return simulate(changed.value, environment, { failures: failing.map(operation), kept: true });
}

function operation(spec: string) {
  const parsed = parseOperationSpec(spec);
  if (!parsed.ok) throw new Error(parsed.problem.code);
  return parsed.value;
}

const words = ({ answer }: Simulation, id: string): string[] =>
  answer.actions
    .filter(({ resource }) => resource === id)
    .map(({ action, from, to }) => `${action} ${from ?? '-'} ${to ?? '-'}`);

describe('the word for what happens to a resource', () => {
  it.each<[string, string, string, string[]]>([
    ['move', text, 'web', ['move node1 node2']],
    ['nothing for what is to stay stopped', text, 'spare', []],
    ['start', text.replace('value="Stopped"', 'value="Started"'), 'spare', ['start - node1']],
    ['stop', text.replace('<group id="shop">', `<group id="shop">${role('Stopped')}`), 'web', ['stop node1 -']],
    ['restart, its definition having changed', text, 'ping', ['restart node1 node1', 'start - node2']],
    ['promote', text, 'db', ['promote - node2', 'start - node1']],
  ])('%s', (_, xml, id, expected) => {
    expect(words(played(xml), id).sort()).toEqual([...expected].sort());
  });

  it('recover, when it failed and goes to another node', () => {
    const failed = { kind: 'operation', operation: operation('ip_monitor_10000@node1=7') } as const;
    expect(words(played(text, [failed]), 'ip')).toEqual(['recover node1 node2']);
  });
});

describe('a node that is not there', () => {
  it('down: everything that can goes to the other one, or stays there', () => {
    const { answer } = played(text, [{ kind: 'node', node: 'node2', state: 'down' }]);
    expect(answer.nodesBefore).toEqual({ node1: 'online', node2: 'offline' });
    expect(answer.revised.resources['web']).toEqual({ node1: 'Started' });
  });

  it('unknown: refused, with the names that there are', () => {
    const refused = inject(cibOf(text), [{ kind: 'node', node: 'node9', state: 'up' }], environment);
    expect(refused).toMatchObject({
      ok: false,
      problem: { code: 'simulate-no-such-node', fields: { known: 'node1 node2' } },
    });
  });
});

describe('an operation that is wanted to fail', () => {
  const simulation = played(text, [], ['ip_start_0@node2=1']);

  it('ends the transition: what waited for it is left, and is named', () => {
    expect(simulation.played.failed.map(({ key, node }) => `${key} ${node}`)).toEqual(['ip_start_0 node2']);
    expect(simulation.played.left.map(({ key }) => key)).toContain('web_start_0');
    expect(simulation.answer.transition.at(-1)).toMatchObject({ op: 'start', resource: 'ip', node: 'node2' });
  });

  it('is counted, and shows in the status afterwards', () => {
    const { pairs = [] } =
      simulation.played.cib.status.nodes.find(({ id }) => id === '2')?.transientAttributes[0] ?? {};
    expect(pairs.find(({ name }) => name === 'fail-count-ip#start_0')?.value).toBe('1');
    expect(simulation.answer.revised.flags['ip']).toEqual(['failed']);
    expect(simulation.answer.revised.resources['web']).toEqual({});
  });
});

describe('the CIB after the transition', () => {
  it('leaves nothing to do, and the one before is as it was', () => {
    const cib = cibOf(text);
    const before = JSON.stringify(cib);
    const after = simulate(cib, environment, { kept: true }).played.cib;
    expect(JSON.stringify(cib)).toBe(before);
    expect(simulate(after, environment).answer.actions).toEqual([]);
  });

  it('knows nothing of a node that was fenced', () => {
    const fencing = text
      .replace('value="false"', 'value="true"')
      .replace('<resources>', '<resources><primitive id="fencer" class="stonith" type="fence_ipmilan"/>');
    const { answer, played: done } = played(fencing, [{ kind: 'node', node: 'node1', state: 'failed' }]);
    expect(answer.actions[0]).toMatchObject({ action: 'fence', op: 'reboot', node: 'node1' });
    expect(answer.nodes['node1']).toBe('offline');
    expect(done.cib.status.nodes.find(({ id }) => id === '1')?.history).toEqual([]);
    expect(answer.revised.resources['web']).toEqual({ node2: 'Started' });
  });
});

function role(value: string): string {
  return `<meta_attributes id="m"><nvpair id="m-role" name="target-role" value="${value}"/></meta_attributes>`;
}
