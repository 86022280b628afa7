import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, success } from '../../src/core/result.ts';
import { type NodeCommandName, runNodeCommand } from '../../src/tools/node-tools.ts';
import { type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';
import { expectGolden, run, transcribe } from './run-command.ts';

let willing: FakeDaemon;
let refusing: FakeDaemon;

beforeAll(async () => {
  const done = success({ state: 'done' });
  willing = await startFakeDaemon({ setNode: done, addNode: done, deleteNode: done });
  refusing = await startFakeDaemon({
    setNode: failure('weight-invalid', { weight: 'abc' }),
    addNode: failure('third-node', { node: 'node3', self: 'node1', peer: 'node2' }),
    deleteNode: failure('node-is-alive', { node: 'node2', status: 'active' }),
  });
});
afterAll(async () => {
  await Promise.all([willing.end(), refusing.end()]);
});

async function transcriptOf(runDir: string, lines: readonly string[]): Promise<string> {
  let text = '';
  for (const line of lines) {
    const [name = '', ...argv] = line.split(' ');
    const done = await run((terminal) => runNodeCommand(name as NodeCommandName, argv, terminal), {
      environment: { PAIRBEAT_RUN_DIR: runDir },
    });
    text += transcribe(line, done, { [runDir]: '/run/heartbeat' });
  }
  return text;
}

describe('hb_addnode, hb_delnode, hb_setweight, hb_setsite', () => {
  it('ask the daemon, and say what became of it', async () => {
    const lines = ['hb_setweight node2 50', 'hb_setsite node2 cellar', 'hb_delnode node2', 'hb_setweight node2 -1'];
    expectGolden('node-tools', await transcriptOf(willing.runDir, lines));
    expect(willing.asked.map(({ verb, args }) => [verb, args])).toEqual([
      ['setNode', { node: 'node2', weight: '50' }],
      ['setNode', { node: 'node2', site: 'cellar' }],
      ['deleteNode', { nodes: ['node2'] }],
      ['setNode', { node: 'node2', weight: '-1' }],
    ]);
  });

  it('end with 1 and the reason when it refuses', async () => {
    const lines = ['hb_addnode node3', 'hb_delnode node2', 'hb_setweight node2 abc'];
    expectGolden('node-tools-refused', await transcriptOf(refusing.runDir, lines));
  });

  it('print their usage and end with 1 when called wrongly, as the originals', async () => {
    const lines = [
      ...['hb_addnode', 'hb_addnode --help', 'hb_addnode --now node3', 'hb_delnode', 'hb_delnode -h'],
      ...['hb_setweight', 'hb_setweight node2', 'hb_setweight node2 1 2', 'hb_setsite node2', 'hb_setsite --help'],
    ];
    expectGolden('node-tools-usage', await transcriptOf(willing.runDir, lines));
  });

  it('say that heartbeat is not running', async () => {
    expectGolden('node-tools-stopped', await transcriptOf('/nonexistent/heartbeat', ['hb_addnode node3']));
  });
});
