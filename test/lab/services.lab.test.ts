/** What the daemon does for its machine: respawn, failfast, the watchdog. The watchdog is a FIFO that is read into a file. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentLabMode } from './enter.ts';
import { eventually, expectEqual, expectTrue } from './expect.ts';
import type { Host } from './host.ts';
import { sendSignal, sleep } from './machine.ts';
import { type LabTest, labTest } from './runner.ts';
import { openScene } from './scene.ts';

const seedDirectory = join(import.meta.dirname, '..', '..', '..', 'test', 'data', 'seed-config');

/** In a user namespace there is nobody but root. */
const user = (): string => (currentLabMode() === 'root' ? 'nobody' : 'root');

/** Stays, and writes down each of its lives; `%s` is its name. */
const program = `#!/bin/sh
umask 0
echo "$1 $$ $(id -un) $HA_COLOUR" >> /run/lives/$1
trap 'echo "$1 ended" >> /run/lives/order; exit 0' TERM
while :; do sleep 0.1; done
`;

export const serviceTests: readonly LabTest[] = [
  labTest('respawn: a killed program comes back, a restarted daemon finds it, a stop ends it', async (context) => {
    const scene = await openScene(context, {
      keepaliveMs: 200,
      deadtimeMs: 4000,
      start: false,
      extra: [
        'env COLOUR=blue',
        `respawn ${user()} /etc/ha.d/lab-program first`,
        `respawn ${user()} /etc/ha.d/lab-program second`,
        'respawn root /bin/false',
        'watchdog /run/watchdog',
      ],
    });
    const { pair, node1, node2 } = scene;
    for (const host of [node1, node2]) await prepare(host);
    await pair.startBoth();
    const [first] = await eventually(
      'it runs',
      () => lives(node1, 'first'),
      (all) => all.length === 1,
    );
    expectEqual([first?.user, first?.colour], [user(), 'blue'], 'user and environment');
    await node1.exec(['kill', '-KILL', first!.pid]);
    const [, again] = await eventually(
      'it runs again',
      () => lives(node1, 'first'),
      (all) => all.length === 2,
    );

    pair.daemon(node1).kill('SIGKILL');
    await pair.daemon(node1).exited;
    await pair.start(node1);
    await pair.settled();
    await sleep(500);
    expectEqual(lives(node1, 'first').length, 2, 'lives after the daemon was restarted');
    expectTrue(existsSync(node1.path(`/proc/${again!.pid}`)), 'the restarted daemon left it running');
    const report = await pair.status(node1);
    expectEqual(
      report?.services?.slice(0, 2).map(({ phase }) => phase),
      ['running', 'running'],
      'programs in status',
    );
    // A FIFO has no timeout that could be asked for.
    expectEqual(
      [report?.watchdog?.state, report?.watchdog?.timeoutSeconds],
      ['armed', undefined],
      'watchdog in status',
    );

    node2.pause(pair.daemon(node2).pid);
    await sleep(200);
    const frozen = signs(node2);
    await sleep(800);
    expectEqual(signs(node2), frozen, 'signs of life while the daemon is suspended');
    node2.resume(pair.daemon(node2).pid);
    await eventually(
      'signs of life again',
      () => signs(node2).length,
      (count) => count > frozen.length,
    );

    expectEqual(await pair.stop(node1), 0, 'exit code of the stop');
    expectEqual(ended(node1), ['second', 'first'], 'order of the stop');
    const said = signs(node1);
    context.note(`${said.length - 1} signs of life, then ${JSON.stringify(said.at(-1))}`);
    expectTrue(/^\0+V$/.test(said), 'zeros while keepalives went out, V when nothing was held', said);

    // More than ten short lives, a second apart.
    const tired = await eventually(
      'what dies at once is given up',
      () => pair.status(node2),
      (status) => status?.services?.[2]?.phase === 'given-up',
      40_000,
    );
    expectEqual(
      tired?.alarms.map(({ code }) => code),
      ['service-given-up'],
      'alarms',
    );
    expectEqual((await pair.run(node2, 'pairbeat', 'cleanup')).code, 0, 'exit code of cleanup');
    await eventually(
      'it is tried again',
      () => pair.status(node2),
      (status) => status?.services?.[2]?.phase !== 'given-up',
    );
  }),

  labTest('failfast: the death of a program takes the machine with it, and the peer takes over', async (context) => {
    const scene = await openScene(context, { start: false, extra: ['failfast root /etc/ha.d/lab-program vital'] });
    const { pair, node1, node2, probe } = scene;
    for (const host of [node1, node2]) await prepare(host);
    await pair.startBoth();
    await probe.steady({ owner: 'node1' });
    const [vital] = await eventually(
      'it runs',
      () => lives(node1, 'vital'),
      (all) => all.length === 1,
    );
    const pid = node1.processes().find(({ argv }) => argv.includes('/etc/ha.d/lab-program'))?.pid;
    expectTrue(pid !== undefined, 'the program is found', vital, node1.processes());
    sendSignal(pid!, 'SIGSEGV');
    await eventually(
      'node1 has been reset',
      () => node1.running,
      (running) => !running,
    );
    await probe.steady({ owner: 'node2' });
    expectEqual(await scene.doubleOwnerMs(), 0, 'milliseconds with two owners');
    const log = readFileSync(join(node1.logDirectory, 'ha-log'), 'utf8');
    expectTrue(
      /CRIT: .*lab-program vital, a failfast program, died \(signal SIGSEGV\)/.test(log),
      'the log says why',
      log,
    );
  }),

  labTest(
    'crm mode: the seed configuration as it was written runs, and says that it manages nothing',
    async (context) => {
      const scene = await openScene(context, { start: false });
      const { pair, node1, node2 } = scene;
      const seed = (name: string): string => readFileSync(join(seedDirectory, name), 'utf8');
      for (const host of [node1, node2]) host.writeConfiguration({ haCf: seed('ha.cf'), authkeys: seed('authkeys') });
      const check = await pair.run(node1, 'pairbeat', 'check');
      expectEqual(check.code, 0, `exit code of check (${check.stdout})`);
      expectTrue(/^CANNOT FAIL OVER {2}crm mode/m.test(check.stdout), 'check says so', check.stdout);
      await pair.startBoth();
      const report = await pair.status(node1);
      expectEqual([report?.resourceManager, report?.groups], ['crm', []], 'manager and groups');
      expectEqual(report?.protection.state, 'CANNOT FAIL OVER', 'protection');
      const said = await pair.run(node1, 'cl_status', 'hbstatus', '-v');
      expectTrue(said.stdout.includes('managed by:\t"crm"'), 'cl_status', said.stdout);
      expectTrue(
        /crm mode \(respawn\)/.test(readFileSync(join(node1.logDirectory, 'ha-log'), 'utf8')),
        'the log says so',
      );
      expectEqual(await pair.stop(node2), 0, 'exit code of the stop');
    },
  ),
];

async function prepare(host: Host): Promise<void> {
  host.writeFile('lab-program', program, 0o755);
  await host.exec(['mkdir', '-m', '777', '-p', '/run/lives']);
  await host.spawn(['sh', '-c', 'mkfifo /run/watchdog && exec 3<>/run/watchdog && exec cat <&3 >/var/log/watchdog']);
  await eventually('the stand-in is there', () => existsSync(host.path('/run/watchdog')), Boolean);
}

interface Life {
  readonly pid: string;
  readonly user: string | undefined;
  readonly colour: string | undefined;
}

function lives(host: Host, name: string): Life[] {
  return lines(host, name).map((line) => {
    const [, pid = '', owner, colour] = line.split(' ');
    return { pid, user: owner, colour };
  });
}

const ended = (host: Host): string[] => lines(host, 'order').map((line) => line.split(' ')[0]!);

function lines(host: Host, name: string): string[] {
  const file = host.path(`/run/lives/${name}`);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

/** Everything that was written to the stand-in. */
const signs = (host: Host): string => readFileSync(join(host.logDirectory, 'watchdog'), 'latin1');
