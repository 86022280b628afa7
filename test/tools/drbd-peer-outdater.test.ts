import { afterAll, describe, expect, it } from 'vitest';
import { failure, type Result, success } from '../../src/core/result.ts';
import { runDrbdPeerOutdater } from '../../src/tools/drbd-peer-outdater.ts';
import { type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';
import { expectGolden, run, transcribe } from './run-command.ts';

const daemons: FakeDaemon[] = [];
afterAll(() => Promise.all(daemons.map((daemon) => daemon.end())));

async function daemonThatSays(outdatePeer: Result<{ state: 'done' }>): Promise<FakeDaemon> {
  const daemon = await startFakeDaemon({ outdatePeer });
  daemons.push(daemon);
  return daemon;
}

const outdater = (argv: readonly string[], environment: Record<string, string>) =>
  run((terminal) => runDrbdPeerOutdater(argv, terminal), { environment });

const call = ['-r', 'data0', '-p', 'node2', '-t', '7'];
const answer = (code: number) => failure('dopd-answer', { resource: 'data0', peer: 'node2', code });

describe('drbd-peer-outdater', () => {
  it('asks the daemon and ends with 4 when it is done', async () => {
    const daemon = await daemonThatSays(success({ state: 'done' }));
    const ended = await outdater(call, { PAIRBEAT_RUN_DIR: daemon.runDir });
    expect(ended).toMatchObject({ code: 4, out: '', error: '' });
    expect(daemon.asked).toMatchObject([
      { verb: 'outdatePeer', args: { resource: 'data0', peer: 'node2', timeoutMs: 7000 } },
    ]);
  });

  it('takes resource and peer from the environment of a DRBD handler', async () => {
    const daemon = await daemonThatSays(success({ state: 'done' }));
    const environment = { PAIRBEAT_RUN_DIR: daemon.runDir, DRBD_RESOURCE: 'r1', DRBD_PEER: 'node2' };
    expect((await outdater([], environment)).code).toBe(4);
    expect(daemon.asked[0]?.args).toEqual({ resource: 'r1', peer: 'node2', timeoutMs: 60_000 });
  });

  it.each([3, 5, 6, 7, 20])("ends with DRBD's %i when the daemon says so", async (code) => {
    const daemon = await daemonThatSays(answer(code));
    const ended = await outdater(call, { PAIRBEAT_RUN_DIR: daemon.runDir });
    expect(ended.code).toBe(code);
    expect(ended.error).toContain(`(${code})`);
  });

  it.each([1, 4, 8, 255, -1])('takes no other code for an answer (%i)', async (code) => {
    const daemon = await daemonThatSays(answer(code));
    expect((await outdater(call, { PAIRBEAT_RUN_DIR: daemon.runDir })).code).toBe(20);
  });

  it('failed where nothing is known: no daemon, dopd is off', async () => {
    expect((await outdater(call, { PAIRBEAT_RUN_DIR: '/nonexistent' })).code).toBe(20);
    const off = await daemonThatSays(failure('dopd-off', { node: 'node1' }));
    expect((await outdater(call, { PAIRBEAT_RUN_DIR: off.runDir })).code).toBe(20);
  });

  it('says that a stranger cannot be reached', async () => {
    const daemon = await daemonThatSays(failure('node-unknown', { node: 'x', nodes: 'node1 node2' }));
    expect((await outdater(call, { PAIRBEAT_RUN_DIR: daemon.runDir })).code).toBe(5);
  });

  it('explains wrong usage', async () => {
    let text = '';
    for (const argv of [
      [],
      ['-p', 'node2'],
      ['-r', 'data0'],
      [...call, '-x'],
      ['-r', 'd', '-p', 'n', '-t', '0'],
      ['--help'],
    ])
      text += transcribe(['drbd-peer-outdater', ...argv].join(' '), await outdater(argv, {}), {});
    expectGolden('drbd-peer-outdater', text);
  });
});
