/**
 * Keys beside a real node, as far as its mistake allows: it checks what is in the netstring form with the secret of its
 * own sending key, so a node that signs with another key has to speak the classic form to it.
 */
import { chmodSync, copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, expectEqual, expectTrue } from '../lab/expect.ts';
import type { Host } from '../lab/host.ts';
import { program } from '../lab/pair.ts';
import type { ExecResult } from '../lab/processes.ts';
import { type LabTest, type LabTestContext, labTest } from '../lab/runner.ts';
import type { PeerNode } from './node.ts';
import { setupOf } from './performance.ts';
import { Stage } from './stage.ts';

const bothKeys = '1 sha1 the-first-key-of-the-lab\n2 md5 the-second-key-of-the-lab\n';
const timeoutMs = 300_000;

export const keyTests: readonly LabTest[] = [
  labTest('keys: a node that signs with key 2 joins a real node that signs with key 1', joinsWithAnotherKey, timeoutMs),
  labTest('keys: rotate-key exchanges the key beside a real node', exchangesKeys, timeoutMs),
];

async function joinsWithAnotherKey(context: LabTestContext): Promise<void> {
  const stage = await open(context);
  const { node1, node2 } = stage;
  node1.host.writeFile('authkeys', `auth 1\n${bothKeys}`, 0o600);
  node2.host.writeFile('authkeys', `auth 2\n${bothKeys}`, 0o600);
  try {
    await stage.startBoth();
    await stage.holding('local', 'local');
    expectEqual(
      [await node1.nodeStatus('node2'), await node2.nodeStatus('node1')],
      ['active', 'active'],
      'both are active',
    );
    await node1.standby('all');
    await stage.holding('none', 'all');
    await stage.rest();
    await stage.expectNothingTwice();
    const status = await statusText(node2);
    expectTrue(status.includes('node1 signs with 1 and does not say what it accepts'), 'status says so', status);
    context.note(`the real node refused ${refusals(node1)} packets, from before it was heard`);
  } finally {
    stage.wire.close();
  }
}

async function exchangesKeys(context: LabTestContext): Promise<void> {
  const stage = await open(context);
  const { node1, node2 } = stage;
  try {
    await stage.startBoth();
    await stage.holding('local', 'local');
    await stage.rest();
    const fromUs = stage.lab.nowUs();

    const refused = await pairbeat(node2, 'rotate-key', '--method', 'aes256gcm');
    expectEqual(refused.code, 107, `a key that the real node could not use is refused (${refused.stderr})`);
    const begun = await pairbeat(node2, 'rotate-key', '--wait', '0', '--peer-file', '/etc/ha.d/authkeys.node1');
    expectEqual(
      begun.code,
      111,
      `the new key is added, and the other node has to sign first (${begun.stdout}${begun.stderr})`,
    );
    const early = await pairbeat(node2, 'rotate-key', '--step', 'sign');
    expectEqual(early.code, 107, `this node does not sign first (${early.stderr})`);

    copyFileSync(file(node2.host, 'authkeys.node1'), file(node1.host, 'authkeys'));
    chmodSync(file(node1.host, 'authkeys'), 0o600);
    await reloadHeartbeat(node1);
    const done = await pairbeat(node2, 'rotate-key', '--wait', '30');
    expectEqual(done.code, 0, `the exchange comes to its end (${done.stdout}${done.stderr})`);

    const lines = readFileSync(file(node1.host, 'authkeys'), 'utf8').split('\n');
    node1.host.writeFile('authkeys', lines.filter((line) => !line.startsWith('1 ')).join('\n'), 0o600);
    await reloadHeartbeat(node1);
    await stage.rest();
    await stage.holding('local', 'local');
    await stage.expectNothingTwice();
    const keys = await statusText(node2);
    expectTrue(keys.includes('node2 signs with 2 (sha1); node1 signs with 2'), 'both sign with the new key', keys);
    const outage = await stage.probe.outage(fromUs);
    context.note(
      `longest gap for the client ${outage.ms.toFixed(0)} ms; the real node refused ${refusals(node1)} packets`,
    );
    for (const word of ['is dead', 'Late heartbeat', 'after partition', 'restart on node']) {
      const said = [...node1.log('real'), ...node2.log('pairbeat')].filter(({ text }) => text.includes(word));
      expectEqual(said, [], `nobody logs "${word}"`);
    }
  } catch (error) {
    if (error instanceof Error)
      error.stack = `${error.stack}\non the wire:\n${stage.wire.transcript().slice(-80).join('\n')}`;
    throw error;
  } finally {
    stage.wire.close();
  }
}

function open(context: LabTestContext): Promise<Stage> {
  return Stage.open(context, { node1: 'real', node2: 'pairbeat' }, setupOf({ groups: 'one' }, 'ucast', 'sha1'));
}

function pairbeat(node: PeerNode, ...argv: readonly string[]): Promise<ExecResult> {
  return node.host.exec(program('pairbeat', ...argv));
}

/** On one line, wherever the terminal would break it. */
async function statusText(node: PeerNode): Promise<string> {
  return (await pairbeat(node, 'status')).stdout.replace(/\s+/g, ' ');
}

/** SIGHUP, as its init script sends it: authkeys is read again if it is younger than before. */
async function reloadHeartbeat(node: PeerNode): Promise<void> {
  const before = node.log('real').length;
  await node.host.exec(['/usr/libexec/heartbeat/heartbeat', '-r']);
  await eventually(
    'the real node has taken note',
    () => node.log('real').length,
    (count) => count > before,
  );
}

/** Lines in which the real node says that a packet did not verify. */
function refusals(node: PeerNode): number {
  return node.log('real').filter(({ text }) => /authentic|bad sig|Bad message/i.test(text)).length;
}

function file(host: Host, name: string): string {
  return join(host.configurationDirectory, name);
}
