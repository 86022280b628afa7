/** One table, both faces of an own agent: hosted warm, and as a stand-alone OCF executable. They must agree. */
import { describe, expect, it } from 'vitest';
import type { NetworkLink, NetworkRoute } from '../../resource-agents/context.ts';
import { metaData } from '../../resource-agents/meta-data.ts';
import { ownAgent, ownAgentTypes } from '../../resource-agents/registry.ts';
import { groupKey } from '../../src/core/types.ts';
import { runExecutableFace } from '../../src/io/agent-host/executable-face.ts';
import { createOwnRunner } from '../../src/io/agent-host/own-runner.ts';
import { type FakeNetwork, fakeNetwork } from './fake-network.ts';

type Action = 'start' | 'stop' | 'status';

interface Face {
  run(
    action: Action,
    ip: string,
  ): Promise<{ readonly exitCode: number | undefined; readonly reason: string | undefined }>;
  readonly network: FakeNetwork;
}

const links: NetworkLink[] = [
  { index: 2, name: 'eth0', hardware: Uint8Array.of(2, 0, 0, 0, 0, 2), up: true, loopback: false, ethernet: true },
];
const routes: NetworkRoute[] = [
  { family: 'ipv4', destination: Uint8Array.of(10, 0, 0, 0), prefixLength: 24, index: 2, viaGateway: false, metric: 0 },
];
const clock = { nowUs: () => 1, wallSeconds: () => 1 };

function hosted(): Face {
  const network = fakeNetwork(links, routes);
  const runner = createOwnRunner({
    net: network.net,
    nowUs: clock.nowUs,
    haDir: () => '/nonexistent',
    conflictCheck: () => true,
    log: () => undefined,
    conflict: () => undefined,
  });
  return {
    network,
    async run(action, ip) {
      const resource = { written: ip, kind: 'script', type: 'IPaddr', args: [ip] } as const;
      const operation = { id: 1, group: groupKey('g'), index: 0, resource, action, timeoutMs: 1000 };
      const result = await runner.run(operation);
      runner.cancel(operation);
      return { exitCode: result.exitCode, reason: result.reason };
    },
  };
}

function executable(): Face {
  const network = fakeNetwork(links, routes);
  return {
    network,
    async run(action, ip) {
      let errors = '';
      const exitCode = await runExecutableFace(ownAgent('IPaddr')!, action, {
        net: () => network.net,
        clock,
        environment: { OCF_RESKEY_ip: ip, PATH: '/usr/bin', OCF_RESKEY_unset: undefined },
        output: () => undefined,
        errorOutput: (text) => {
          errors += text;
        },
      });
      return { exitCode, reason: /^ocf-exit-reason:(.*)$/m.exec(errors)?.[1] };
    },
  };
}

describe.each([
  ['hosted', hosted],
  ['executable', executable],
])('IPaddr, %s', (_name, open) => {
  it('goes through a whole life with the exit codes of the OCF API', async () => {
    const face = open();
    const life: Action[] = ['status', 'start', 'start', 'status', 'stop', 'stop', 'status'];
    const codes = [];
    for (const action of life) codes.push((await face.run(action, '10.0.0.9')).exitCode);
    expect(codes).toEqual([7, 0, 0, 0, 0, 0, 7]);
    expect(face.network.deeds.filter((deed) => !deed.startsWith('probe'))).toEqual([
      'add 10.0.0.9/24 eth0',
      'announce 10.0.0.9 eth0',
      'announce 10.0.0.9 eth0',
      'delete 10.0.0.9 eth0',
    ]);
  });

  it('says the same about a network that is not there', async () => {
    expect(await open().run('start', '172.16.0.1')).toEqual({
      exitCode: 1,
      reason:
        'No connected network contains 172.16.0.1, so no device could be chosen. Write 172.16.0.1/NETMASK/DEVICE.',
    });
  });

  it('calls a wrong address a wrong configuration', async () => {
    const answer = await open().run('start', '10.0.0.999');
    expect(answer).toEqual({ exitCode: 6, reason: '"10.0.0.999" is not an IP address.' });
  });

  it('passes on that the kernel refused', async () => {
    const face = open();
    face.network.refuse('netlink-refused');
    expect(await face.run('start', '10.0.0.9')).toEqual({ exitCode: 1, reason: 'The kernel refused to do it: EPERM.' });
  });
});

describe('as an executable', () => {
  const run = async (action: string, environment: Record<string, string> = {}) => {
    let output = '';
    let errors = '';
    const exitCode = await runExecutableFace(ownAgent('IPaddr')!, action, {
      net: () => fakeNetwork(links, routes).net,
      clock,
      environment,
      output: (text) => {
        output += text;
      },
      errorOutput: (text) => {
        errors += text;
      },
    });
    return { exitCode, output, errors };
  };

  it('prints its meta-data without any parameter', async () => {
    expect(await run('meta-data')).toEqual({
      exitCode: 0,
      output: metaData(ownAgent('IPaddr')!.description),
      errors: '',
    });
  });

  it('validates parameters without touching the network', async () => {
    expect((await run('validate-all', { OCF_RESKEY_ip: '10.0.0.1' })).exitCode).toBe(0);
    expect((await run('validate-all')).exitCode).toBe(6);
  });

  it('does not know other actions', async () => {
    expect((await run('promote', { OCF_RESKEY_ip: '10.0.0.1' })).exitCode).toBe(3);
  });
});

it('describes itself in well-formed XML that names every parameter and every mandatory action', () => {
  const { description } = ownAgent('IPaddr')!;
  const xml = metaData({ ...description, summary: 'a < b & "c"' });
  expect(xml).toContain('<shortdesc lang="en">a &lt; b &amp; &quot;c&quot;</shortdesc>');
  expect(unbalanced(xml)).toEqual([]);
  for (const { name } of description.parameters) expect(xml).toContain(`<parameter name="${name}"`);
  for (const action of ['start', 'stop', 'monitor', 'meta-data', 'validate-all'])
    expect(xml).toContain(`<action name="${action}"`);
});

it('answers to the names that Heartbeat used, and to no others', () => {
  expect(ownAgentTypes).toEqual(['IPaddr', 'IPaddr2', 'IPv6addr']);
  expect(ownAgent('toString')).toBeUndefined();
});

/** Names of elements that are opened and not closed, or the other way round. */
function unbalanced(xml: string): string[] {
  const open: string[] = [];
  for (const [, closing, name, rest] of xml.matchAll(/<(\/?)([a-z-]+)([^>]*)>/g)) {
    if (rest!.endsWith('/')) continue;
    if (closing === '') open.push(name!);
    else if (open.pop() !== name) return [name!];
  }
  return open;
}
