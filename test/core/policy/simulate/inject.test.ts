import { expect, it } from 'vitest';
import { parseOperationSpec } from '../../../../src/core/policy/simulate/inject.ts';

it.each([
  ['web_monitor_10000@node1=7', { resource: 'web', task: 'monitor', intervalMs: 10_000, node: 'node1', rc: 7 }],
  ['web_start_0@node1=1', { resource: 'web', task: 'start', intervalMs: 0, node: 'node1', rc: 1 }],
  ['vm_migrate_to_0@node1=1', { resource: 'vm', task: 'migrate_to', intervalMs: 0, node: 'node1', rc: 1 }],
  ['vm_migrate_from_0@node2=1', { resource: 'vm', task: 'migrate_from', intervalMs: 0, node: 'node2', rc: 1 }],
  ['a_b_c:1_stop_0@n.example=5', { resource: 'a_b_c:1', task: 'stop', intervalMs: 0, node: 'n.example', rc: 5 }],
  ['web_reload-agent_0@node1=1', { resource: 'web', task: 'reload-agent', intervalMs: 0, node: 'node1', rc: 1 }],
])('%s', (text, operation) => {
  expect(parseOperationSpec(text)).toEqual({ ok: true, value: operation });
});

it.each([
  '',
  'web',
  'web_monitor@node1=7',
  'web_monitor_10000=7',
  'web_monitor_10000@node1',
  'web_monitor_x@node1=7',
  '_start_0@=1',
  'web_bogus_0@node1=0',
  'web_start_0@node1=256',
])('%s is no operation', (text) => {
  expect(parseOperationSpec(text)).toMatchObject({ ok: false, problem: { code: 'simulate-operation-malformed' } });
});
