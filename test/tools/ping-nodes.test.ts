/** What cl_status says of ping nodes, compared with what two real nodes said (test/data/heartbeat-3.0.6/ipfail.json). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { success } from '../../src/core/result.ts';
import { runClStatus } from '../../src/tools/cl-status.ts';
import { type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';
import { healthy, parameters } from './fixtures.ts';
import { run } from './run-command.ts';

interface Answer {
  readonly when: string;
  readonly line: string;
  readonly code: number;
  readonly out: string;
}

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, '../data/heartbeat-3.0.6/ipfail.json'), 'utf8')) as {
  readonly answers: readonly Answer[];
};

/** The real ones were asked in two situations. */
const situations = { joined: ['ping', 'dead', 'ping'], 'node1 loses eth0': ['dead', 'dead', 'dead'] } as const;
const names = ['192.168.1.200', '192.168.1.77', 'group1'] as const;

describe.each(Object.entries(situations))('cl_status of ping nodes: %s', (when, states) => {
  let daemon: FakeDaemon;
  beforeAll(async () => {
    const pingNodes = names.map((name, index) => ({
      name,
      kind: name === 'group1' ? ('ping_group' as const) : ('ping' as const),
      addresses: [name],
      status: states[index]!,
    }));
    daemon = await startFakeDaemon({ status: success({ ...healthy, pingNodes }), parameters: success(parameters) });
  });
  afterAll(() => daemon.end());

  const asked = recorded.answers.filter(
    (answer) => answer.when === when && answer.line.startsWith('cl_status') && !answer.line.includes('hbparameter'),
  );

  it('was recorded', () => expect(asked.length).toBeGreaterThan(15));

  it.each(asked)('$line', async ({ line, code, out }) => {
    const ours = await run((terminal) => runClStatus(line.split(' ').slice(1), terminal), {
      environment: { PAIRBEAT_RUN_DIR: daemon.runDir },
    });
    expect(ours.code).toBe(code);
    // A real node lists the nodes in its own order, and its links; ours are those of the fixture.
    if (line.includes('listnodes -v')) expect(pingBlocks(ours.out)).toEqual(pingBlocks(out));
    else expect(sorted(ours.out)).toEqual(sorted(out));
  });
});

const sorted = (text: string): string[] => text.split('\n').sort();

function pingBlocks(text: string): string[] {
  return text
    .split('\n\n')
    .map((block) => block.trim())
    .filter((block) => block.includes('(nodetype: ping)'))
    .sort();
}
