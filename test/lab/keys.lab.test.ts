/** Keys are exchanged while the pair runs: no keepalive is late, nothing moves, and no step that would cut the pair is taken. */
import { chmodSync, copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, expectAtMost, expectEqual, expectTrue } from './expect.ts';
import type { Host } from './host.ts';
import { type LabTest, labTest } from './runner.ts';
import { ms, openScene, type Scene } from './scene.ts';

/** Refused because it would be unsafe: crm_exit_t. */
const unsafe = 107;

export const keysTests: readonly LabTest[] = [
  labTest(
    'keys rotate from sha1 over sha256 to aes256gcm on a running pair; every wrong order is refused',
    async (context) => {
      const scene = await openScene(context, {
        deadtimeMs: 1000,
        authkeys: 'auth 1\n1 sha1 0123456789abcdef0123456789abcdef\n',
      });
      const { pair, node1, node2, lab, probe, doubleOwnerMs } = scene;
      const atUs = lab.nowUs();
      const refused = async (host: Host, ...step: string[]) => {
        const before = authkeysOf(host);
        const { code, stderr } = await pair.run(host, 'pairbeat', ...step);
        expectEqual(code, unsafe, `${step.join(' ')} on ${host.name} is refused (${stderr})`);
        expectEqual(authkeysOf(host), before, `authkeys of ${host.name} is untouched`);
      };

      await refused(node1, 'rotate-key', '--step', 'sign');
      await refused(node1, 'rotate-key', '--step', 'remove');
      await passes(scene, node1, 'rotate-key', '--step', 'add', '--method', 'sha256');
      await refused(node1, 'rotate-key', '--step', 'sign');
      await refused(node1, 'rotate-key', '--step', 'remove');
      await refusesByHand(scene, node1);

      copyAuthkeys(node1, node2);
      await passes(scene, node2, 'rotate-key', '--step', 'sign');
      await refused(node2, 'rotate-key', '--step', 'remove');
      await together(scene, ['rotate-key', '--wait', '30'], ['rotate-key', '--wait', '30']);
      expectEqual(await keysSeenFrom(scene, node1), '2 sha256/2 sha256', 'after the first exchange both nodes have');

      const first = pair.run(node1, 'pairbeat', 'rotate-key', '--new', '--method', 'aes256gcm', '--wait', '30');
      await eventually(
        'node1 accepts the sealed key',
        () => keysSeenFrom(scene, node1),
        (text) => text?.includes('aes256gcm') === true,
      );
      copyAuthkeys(node1, node2);
      const second = await pair.run(node2, 'pairbeat', 'rotate-key', '--wait', '30');
      expectEqual([(await first).code, second.code], [0, 0], `both nodes come to the end (${second.stderr})`);
      expectEqual(
        await keysSeenFrom(scene, node2),
        '1 aes256gcm/1 aes256gcm',
        'after the second exchange both nodes have',
      );
      expectEqual((await pair.run(node1, 'pairbeat', 'rotate-key')).code, 0, 'asked again, it says that all is done');

      const outage = await probe.outage(atUs);
      context.note(`longest gap for the client ${ms(outage.ms)}`);
      expectEqual(await doubleOwnerMs(), 0, 'nobody else answered for the address');
      for (const host of [node1, node2]) {
        const log = readFileSync(join(host.logDirectory, 'ha-log'), 'utf8');
        for (const word of ['Late heartbeat', 'silent for', 'does not hear']) {
          expectTrue(!log.includes(word), `no "${word}" in the log of ${host.name}`, log);
        }
        const journal = join(host.stateDirectory, 'journal');
        const written = [
          log,
          ...readdirSync(journal).map((name) => readFileSync(join(journal, name), 'latin1')),
        ].join();
        for (const secret of [...authkeysOf(host).matchAll(/[0-9a-f]{32,}/g)].map(([word]) => word))
          expectTrue(!written.includes(secret), `no secret in log and journal of ${host.name}`);
        expectTrue(written.includes('keysChanged'), `the journal of ${host.name} has the changes`);
      }
      expectEqual(
        pair.httpdActions(node1).map(({ action }) => action),
        ['start'],
        'what the web server was asked on node1',
      );
      expectAtMost(outage.ms, 100, 'the client noticed nothing');
    },
  ),
];

async function passes({ pair }: Scene, host: Host, ...argv: string[]): Promise<void> {
  const { code, stdout, stderr } = await pair.run(host, 'pairbeat', ...argv);
  expectEqual(code, 0, `${argv.join(' ')} on ${host.name} succeeds (${stdout}${stderr})`);
}

async function together({ pair, node1, node2 }: Scene, here: string[], there: string[]): Promise<void> {
  const [first, second] = await Promise.all([
    pair.run(node1, 'pairbeat', ...here),
    pair.run(node2, 'pairbeat', ...there),
  ]);
  expectEqual([first.code, second.code], [0, 0], `both come to the end (${first.stderr}${second.stderr})`);
}

/** Whoever edits the file without the command is protected by the daemon. */
async function refusesByHand({ pair }: Scene, host: Host): Promise<void> {
  const good = authkeysOf(host);
  const [, second = ''] = [...good.matchAll(/^\d .*$/gm)].map(([line]) => line);
  for (const wrong of [
    good.replace(/^auth 1$/m, 'auth 2'),
    `auth 2\n${second}\n`,
    'auth 1\n1 sha1 another-secret-altogether\n',
    'auth 7\n',
  ]) {
    host.writeFile('authkeys', wrong, 0o600);
    const { code } = await pair.run(host, 'pairbeat', 'reload-keys');
    expectTrue(code !== 0, 'authkeys that would cut the pair is refused', wrong);
  }
  host.writeFile('authkeys', good, 0o600);
}

/** As `scp -p` would. */
function copyAuthkeys(from: Host, to: Host): void {
  const target = join(to.configurationDirectory, 'authkeys');
  copyFileSync(join(from.configurationDirectory, 'authkeys'), target);
  chmodSync(target, 0o600);
}

function authkeysOf(host: Host): string {
  return readFileSync(join(host.configurationDirectory, 'authkeys'), 'utf8');
}

/** `2 sha256/2 sha256`: what each node accepts, this one first. */
async function keysSeenFrom({ pair }: Scene, host: Host): Promise<string | undefined> {
  const status = await pair.status(host);
  const [self, peer] = [status?.nodes.find((node) => node.self), status?.nodes.find((node) => !node.self)];
  const text = (node: typeof self) => node?.keys?.accepts?.map(({ index, method }) => `${index} ${method}`).join(' ');
  return status === undefined ? undefined : `${text(self)}/${text(peer)}`;
}
