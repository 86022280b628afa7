/** What scripts and fingers that know Heartbeat do: write into the FIFO, call its internal scripts by their names. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, expectEqual, expectTrue } from './expect.ts';
import type { Host } from './host.ts';
import { type Pair, program } from './pair.ts';
import { type LabTest, labTest } from './runner.ts';
import { openScene, type Scene } from './scene.ts';

/** Two groups of node1 and one of node2, none of which needs a network. */
const haresources = 'node1 httpd\nnode1 first\nnode2 second\n';

const plainScript = `#!/bin/sh
state=/run/$(basename "$0").running
case "$1" in
  start) : > "$state" ;;
  stop) rm -f "$state" ;;
  status) if [ -e "$state" ]; then echo running; else echo stopped; fi ;;
esac
`;

const hook = `#!/bin/sh
echo "$1 from $HA_src: $HA_words" >> /var/log/heard
`;

const fifo = '/var/lib/heartbeat/fifo';

async function write(host: Host, text: string): Promise<void> {
  const { code } = await host.exec(['sh', '-c', `printf '${text}' > ${fifo}`]);
  expectEqual(code, 0, 'writing into the FIFO');
}

async function holding(pair: Pair, host: Host, group: string, expected: string): Promise<void> {
  await eventually(
    `${group} is ${expected} on ${host.name}`,
    async () =>
      (await pair.status(host))?.groups.find(({ key }) => key === group)?.holdings[host.name] ?? 'not answered',
    (word) => word === expected,
  );
}

async function open(context: Parameters<LabTest['run']>[0]): Promise<Scene> {
  const scene = await openScene(context, { start: false, haresources, autoFailback: 'off' });
  for (const host of scene.lab.hosts) {
    for (const name of ['first', 'second']) host.writeFile(`resource.d/${name}`, plainScript, 0o755);
    host.writeFile('rc.d/hello', hook, 0o755);
  }
  await scene.pair.startBoth();
  return scene;
}

export const scriptTests: readonly LabTest[] = [
  labTest('scripts that write into the FIFO reach both nodes, and cannot forge anything', async (context) => {
    const { pair, node1, node2 } = await open(context);
    const heard = (host: Host): string => {
      const file = join(host.logDirectory, 'heard');
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    };
    const mode = await node1.exec(['stat', '-c', '%F %a', fifo]);
    expectEqual(mode.stdout.trim(), 'fifo 600', 'the FIFO');
    // A forged message, half of one, and a writer that never ends its line, before the one that counts.
    await write(node1, '>>>\\nt=shutdone\\nst=dead\\n<<<\\n');
    await write(node1, '>>>\\nt=hal');
    await node1.exec(['sh', '-c', `head -c 100000 /dev/zero | tr '\\0' x > ${fifo}`]);
    await write(node1, '\\n>>>\\nt=hello\\nwords=good morning\\n<<<\\n');
    const line = 'hello from node1: good morning\n';
    for (const host of [node1, node2])
      await eventually(
        `the hook ran on ${host.name}`,
        () => heard(host),
        (text) => text === line,
      );
    const words = (await pair.status(node2))?.nodes.map(({ status }) => status);
    expectEqual(words, ['active', 'active'], 'both nodes after a forged shutdone');
    await write(node1, '>>>\\nt=ask_resources\\nrsc_hold=all\\ninfo=me\\n<<<\\n');
    for (const group of ['httpd', 'first']) await holding(pair, node2, group, 'running');
    const log = readFileSync(join(node1.logDirectory, 'ha-log'), 'utf8');
    expectTrue(/type shutdone from the FIFO was not sent/.test(log), 'the log says what was refused', log.slice(-2000));
  }),

  labTest("Heartbeat's internal scripts move one group, through the daemon", async (context) => {
    const { pair, node1, node2 } = await open(context);
    const run = async (host: Host, code: number, ...words: readonly string[]): Promise<string> => {
      const answer = await host.exec(program(words[0] ?? '', ...words.slice(1)));
      expectEqual(answer.code, code, `exit code of ${words.join(' ')} (${answer.stderr.trim()})`);
      return answer.stdout + answer.stderr;
    };
    await run(node1, 0, 'ResourceManager', 'givegroup', 'first');
    await holding(pair, node2, 'first', 'running');
    await holding(pair, node1, 'httpd', 'running');
    await run(node1, 3, 'ResourceManager', 'status', 'first');
    await run(node2, 0, 'ResourceManager', 'status', 'first');
    await run(node1, 0, 'req_resource', 'first');
    await holding(pair, node1, 'first', 'running');
    await holding(pair, node2, 'second', 'running');
    await run(node1, 1, 'mach_down', 'node2');
    await run(node1, 1, 'ResourceManager', 'verifyallidle');

    await run(node1, 0, 'hb_setweight', 'node2', '50');
    await run(node1, 0, 'hb_setsite', 'NODE2', 'cellar');
    for (const host of [node1, node2]) {
      await eventually(
        'weight',
        () => run(host, 0, 'cl_status', 'nodeweight', 'node2'),
        (text) => text === '50\n',
      );
      await eventually(
        'site',
        () => run(host, 0, 'cl_status', 'nodesite', 'node2'),
        (text) => text === 'cellar\n',
      );
    }
    await run(node1, 1, 'hb_addnode', 'node3');
    await run(node1, 1, 'hb_delnode', 'node2');
    node2.crash();
    await holding(pair, node1, 'second', 'running');
    await run(node1, 0, 'mach_down', 'node2');
    await run(node1, 0, 'hb_delnode', 'node2');
    expectEqual(await run(node1, 0, 'cl_status', 'nodeweight', 'node2'), '100\n', 'the weight of a removed node');
    const removed = readFileSync(join(node1.stateDirectory, 'delhostcache'), 'utf8');
    expectTrue(/^node2\t[0-9a-f-]{36}\t/.test(removed), 'it is among the removed', removed);
  }),
];
