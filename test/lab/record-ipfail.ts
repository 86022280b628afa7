/**
 * Records what two real Heartbeat 3.0.6 nodes say to each other when `ipfail` and `dopd` run on them, and what their
 * tools print of ping nodes: `node dist/test/lab/record-ipfail.js > test/data/heartbeat-3.0.6/ipfail.json`.
 * Needs the Debian package `heartbeat`. The client on both networks hears every broadcast and answers pings.
 */
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeNetstring, findNetstringSeal } from '../../src/core/transport/netstring.ts';
import { enterLab } from './enter.ts';
import { eventually } from './expect.ts';
import type { Host } from './host.ts';
import { createLab, type Lab } from './lab.ts';
import { sleep } from './machine.ts';

const libexec = '/usr/libexec/heartbeat';

/** Message types of the cluster itself: they are known already, and there are many of them. */
const uninteresting = new Set(['status', 'NS_ackmsg', 'NS_rexmit', 'reqnodes', 'repnodes', 'starting', 'resource']);

const haCf = `logfile /var/log/ha-log
debugfile /var/log/ha-debug
keepalive 200ms
deadtime 3
initdead 6
deadping 1
udpport 694
bcast eth0
bcast eth1
ping 192.168.1.200
ping 192.168.1.77
ping_group group1 192.168.1.200 192.168.1.78
auto_failback on
node node1
node node2
apiauth ipfail uid=root
apiauth dopd uid=root
respawn root ${libexec}/ipfail
respawn root ${libexec}/dopd
`;

const listener = `
const { createSocket } = require('node:dgram');
const { appendFileSync } = require('node:fs');
const socket = createSocket({ type: 'udp4', reuseAddr: true });
socket.on('message', (bytes, source) => {
  appendFileSync('/var/log/heard', JSON.stringify({ at: Date.now(), from: source.address, hex: bytes.toString('hex') }) + '\\n');
});
socket.bind(694, '0.0.0.0');
`;

/** Notes how it was called and ends with the code that the test left for it. */
const drbdadm = `#!/bin/sh
echo "$@" >> /var/log/drbdadm-calls
[ -r /etc/ha.d/drbdadm-code ] && exit "$(cat /etc/ha.d/drbdadm-code)"
exit 0
`;

/** Notes what it is told of ping nodes. */
const notingHook = `#!/bin/sh
{ echo "hook $*"; env | grep -E '^HA_(t|st|src|info|node|ifname|seq|OSTATUS|CURHOST)=' | sort; } >> /var/log/hook-calls
exit 0
`;

const serviceScript = `#!/bin/sh
case "$1" in
  start) : > /run/httpd.running ;;
  stop) rm -f /run/httpd.running ;;
  status) if [ -e /run/httpd.running ]; then echo running; else echo stopped; fi ;;
esac
`;

interface Said {
  readonly when: string;
  readonly from: string;
  readonly fields: Readonly<Record<string, string>>;
}

let when = 'start';
const answers: { when: string; on: string; line: string; code: number | null; out: string }[] = [];
const marks: { when: string; at: number }[] = [];

function phase(name: string): void {
  when = name;
  marks.push({ when: name, at: Date.now() });
}

async function say(host: Host, line: string): Promise<void> {
  const { code, stdout } = await host.exec(['sh', '-c', line]);
  answers.push({ when, on: host.name, line, code, out: stdout });
}

const pingLines = [
  'listnodes',
  'listnodes -p',
  'listnodes -n',
  'listnodes -v',
  'listnodes -m -p',
  'nodestatus 192.168.1.200',
  'nodestatus -m 192.168.1.200',
  'nodestatus 192.168.1.77',
  'nodestatus group1',
  'nodetype 192.168.1.200',
  'nodetype group1',
  'nodetype -m 192.168.1.77',
  'listhblinks 192.168.1.200',
  'listhblinks -v 192.168.1.200',
  'listhblinks -v group1',
  'listhblinks -v 192.168.1.77',
  'hblinkstatus 192.168.1.200 192.168.1.200',
  'hblinkstatus 192.168.1.200 192.168.1.200:192.168.1.200',
  'hblinkstatus -m 192.168.1.77 192.168.1.77',
  'hblinkstatus group1 group1',
  'nodeweight 192.168.1.200',
  'hbparameter -p deadping',
].map((line) => `cl_status ${line}`);

async function record(lab: Lab): Promise<void> {
  const [node1, node2] = [lab.host('node1'), lab.host('node2')];
  await lab.client.spawn([process.execPath, '-e', listener]);
  for (const host of lab.hosts) await start(host);
  await restingAt(node1, 'local');
  await sleep(3000);
  phase('joined');
  for (const line of pingLines) await say(node1, line);
  phase('node1 loses eth0');
  await node1.cut({ device: 'eth0' });
  await restingAt(node1, 'none');
  await sleep(3000);
  for (const line of pingLines) await say(node1, line);
  phase('node1 has eth0 again');
  await node1.heal({ device: 'eth0' });
  await sleep(8000);
  await say(node1, 'cl_status rscstatus');
  phase('ping node blinks on node1');
  await node1.cut({ device: 'eth0' });
  await sleep(1300);
  await node1.heal({ device: 'eth0' });
  await sleep(5000);
  await say(node1, 'cl_status rscstatus');
  phase('both lose eth0');
  await Promise.all(lab.hosts.map((host) => host.cut({ device: 'eth0' })));
  await sleep(6000);
  await say(node1, 'cl_status rscstatus');
  phase('both have eth0 again');
  await Promise.all(lab.hosts.map((host) => host.heal({ device: 'eth0' })));
  await sleep(5000);
  await say(node1, 'cl_status rscstatus');
  for (const code of [0, 1, 2, 3, 5, 10, 11, 16, 17, 20]) {
    phase(`outdate, drbdadm ends with ${code}`);
    node2.writeFile('drbdadm-code', `${code}\n`);
    await say(node1, `${libexec}/drbd-peer-outdater -r data0 -p node2 -t 10`);
    // Its dopd crashes after every answer, and is started again with growing patience.
    await sleep(4000);
  }
  phase('outdate, odd arguments');
  await say(node1, `${libexec}/drbd-peer-outdater -p node2`);
  await say(node1, `${libexec}/drbd-peer-outdater -r data0`);
  await say(node1, `${libexec}/drbd-peer-outdater -r data0 -p nosuch -t 3`);
  await say(node1, `DRBD_RESOURCE=data0 DRBD_PEER=node2 ${libexec}/drbd-peer-outdater -t 3`);
  await say(node1, `${libexec}/drbd-peer-outdater --help`);
  phase('outdate, node2 is cut off');
  node2.isolate(false);
  await say(node1, `${libexec}/drbd-peer-outdater -r data0 -p node2 -t 2`);
  await sleep(5000);
  await say(node1, `${libexec}/drbd-peer-outdater -r data0 -p node2 -t 2`);
}

async function start(host: Host): Promise<void> {
  cpSync('/etc/ha.d', host.configurationDirectory, { recursive: true });
  cpSync('/var/lib/heartbeat/cores', `${host.stateDirectory}/cores`, { recursive: true });
  host.writeFile('resource.d/httpd', serviceScript, 0o755);
  host.writeFile('drbdadm', drbdadm, 0o755);
  for (const name of ['status', 'ifstat']) host.writeFile(`rc.d/${name}`, notingHook, 0o755);
  host.writeConfiguration({
    haCf,
    haresources: 'node1 192.168.1.100/24/eth0 httpd\nnode2 192.168.1.101/24/eth0\n',
    authkeys: 'auth 1\n1 sha1 recording-only-key\n',
  });
  await host.exec(['mkdir', '-p', '/run/heartbeat/dopd', '/run/resource-agents']);
  await host.spawn(['sh', '-c', 'PATH=/etc/ha.d:$PATH exec /usr/libexec/heartbeat/heartbeat -f']);
}

async function restingAt(host: Host, word: string): Promise<void> {
  const ask = async (): Promise<string> => (await host.exec(['cl_status', 'rscstatus'])).stdout.trim();
  await eventually(`${host.name} holds ${word}`, ask, (answer) => answer === word, 60_000);
}

function heard(lab: Lab): Said[] {
  const file = join(lab.client.storage, 'log', 'heard');
  const said: Said[] = [];
  const seen = new Set<string>();
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const { at, hex } = JSON.parse(line) as { at: number; hex: string };
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
    const seal = findNetstringSeal(bytes);
    const message = seal.ok ? decodeNetstring(bytes, seal.value.coveredEnd) : seal;
    if (!message.ok) continue;
    const fields: Record<string, string> = {};
    for (const { name, value } of message.value.fields) if (typeof value === 'string') fields[name] = value;
    const { t = '', src = '', seq = '', hg = '' } = fields;
    if (uninteresting.has(t) || seen.has(`${src} ${seq} ${hg} ${t}`)) continue;
    seen.add(`${src} ${seq} ${hg} ${t}`);
    for (const name of ['ld', 'ts', 'auth', 'ttl', 'seq', 'hg']) delete fields[name];
    said.push({ when: marks.findLast((mark) => mark.at <= at)?.when ?? 'start', from: src, fields });
  }
  return said;
}

/** Those that are about a ping node. */
function hookCalls(host: Host): string[][] {
  const text = readFileSync(join(host.logDirectory, 'hook-calls'), 'utf8');
  const calls = text.split('hook ').map((call) => call.trim().split('\n'));
  return calls.filter((lines) => lines.some((line) => /=(192\.168\.1\.(200|77)|group1)$/.test(line)));
}

await enterLab(import.meta.url, async () => {
  const lab = await createLab({ client: { eth0: ['192.168.1.200/24'], eth1: ['10.0.9.200/24'] } });
  try {
    await record(lab);
  } finally {
    const hooks = hookCalls(lab.host('node1'));
    const calls = lab.hosts.flatMap((host) => {
      const file = join(host.logDirectory, 'drbdadm-calls');
      return existsSync(file) ? [{ on: host.name, calls: readFileSync(file, 'utf8').trim().split('\n') }] : [];
    });
    process.stdout.write(`${JSON.stringify({ answers, said: heard(lab), calls, hooks }, undefined, 1)}\n`);
    for (const host of lab.hosts)
      for (const name of readdirSync(host.logDirectory).filter((one) => one.startsWith('ha-')))
        process.stderr.write(`--- ${host.name} ${name}\n${readFileSync(join(host.logDirectory, name), 'utf8')}`);
    await lab.close();
  }
  return 0;
});
