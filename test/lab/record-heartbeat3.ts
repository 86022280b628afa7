/**
 * Records what the tools of a real Heartbeat 3.0.6 print and what its hooks find in their environment, on a pair of two
 * real nodes in the lab: `node dist/test/lab/record-heartbeat3.js > test/data/heartbeat-3.0.6/recorded.json`.
 * Needs the Debian package `heartbeat`. The tests compare our tools with the file, so nobody has to run this to test.
 */
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { enterLab } from './enter.ts';
import { eventually } from './expect.ts';
import type { Host } from './host.ts';
import { createLab, type Lab } from './lab.ts';
import { sleep } from './machine.ts';

const tools = '/usr/share/heartbeat';

interface Answer {
  readonly on: string;
  readonly when: string;
  readonly line: string;
  readonly code: number | null;
  readonly out: string;
  readonly complains: boolean;
}

interface HookCall {
  readonly on: string;
  readonly when: string;
  readonly args: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Types for which there is a file in rc.d: the stock ones stay as they are, the others do nothing. */
const ownHooks = ['ifstat', 'starting', 'resource', 'shutdone', 'hello', 'setweight', 'setsite', 'stonith', 'repnodes'];

/** In place of harc: notes arguments and environment, then goes on as the original does. */
const notingHarc = `#!/bin/sh
file=$(mktemp /var/log/hook-XXXXXX)
{ echo "args $*"; cat /proc/uptime; tr '\\0' '\\n' < /proc/self/environ; } > "$file"
exec /etc/ha.d/harc.stock "$@"
`;

type Say = (when: string, host: Host, line: string) => Promise<void>;

async function record(lab: Lab, say: Say, collect: (when: string) => void): Promise<void> {
  const [node1, node2] = [lab.host('node1'), lab.host('node2')];
  await say('stopped', node1, 'cl_status hbstatus');
  await say('stopped', node1, 'cl_status hbstatus -v');
  for (const line of clStatusLines) await say('stopped', node1, line);
  for (const host of lab.hosts) await start(host);
  await restingAt(node1, 'local');
  await sleep(3000);
  collect('joined');
  for (const line of [...clStatusLines, ...managerLines]) await say('joined', node1, line);
  await say('joined', node2, 'cl_status rscstatus');
  await say('joined', node1, `printf '>>>\\nt=hello\\nwords=good morning\\n<<<\\n' > /var/lib/heartbeat/fifo`);
  await sleep(1500);
  collect('hello');
  await say('weight', node1, `${tools}/hb_setweight node2 50; ${tools}/hb_setsite node2 cellar`);
  await sleep(1500);
  for (const word of ['nodeweight', 'nodesite']) {
    await say('weight', node1, `cl_status ${word} node2`);
    await say('weight', node1, `cl_status ${word} -m node2`);
  }
  await say('weight', node1, 'cat /var/lib/heartbeat/hostcache');
  await say('weight', node2, 'cat /var/lib/heartbeat/hostcache');
  collect('weight');
  await say('standby', node1, `${tools}/hb_standby`);
  await restingAt(node1, 'none');
  await sleep(3000);
  collect('standby');
  for (const line of managerLines) await say('standby', node1, line);
  for (const line of mistakenLines) await say('standby', node1, line);
  await say('standby', node1, 'cl_status rscstatus');
  await say('standby', node1, 'cl_status rscstatus -m');
  node2.crash();
  await restingAt(node1, 'all');
  await sleep(3000);
  collect('peer dead');
  for (const line of clStatusLines) await say('peer dead', node1, line);
}

const clStatusLines = [
  ...['hbstatus', 'hbstatus -m', 'hbstatus -v', 'hbstatus -m -v'],
  ...[
    'listnodes',
    'listnodes -m',
    'listnodes -n',
    'listnodes -p',
    'listnodes -v',
    'listnodes -m -v',
    'listnodes -n -v',
  ],
  ...['nodestatus node1', 'nodestatus node2', 'nodestatus -m node2', 'nodestatus -v node2', 'nodestatus NODE1'],
  ...['nodestatus nosuch', 'nodestatus', 'nodestatus 192.168.1.77', 'nodestatus -m 192.168.1.77'],
  ...['nodetype node1', 'nodetype -m node2', 'nodetype 192.168.1.77', 'nodetype nosuch', 'nodetype'],
  ...['nodeweight node1', 'nodeweight -m node2', 'nodeweight nosuch', 'nodesite node1', 'nodesite -m node2'],
  ...[
    'nodesite nosuch',
    'listhblinks node1',
    'listhblinks -m node2',
    'listhblinks -v node2',
    'listhblinks -m -v node2',
  ],
  ...['listhblinks nosuch', 'listhblinks', 'listhblinks 192.168.1.77', 'listhblinks -v 192.168.1.77'],
  ...['hblinkstatus node2 eth0', 'hblinkstatus -m node2 eth1', 'hblinkstatus node1 eth0', 'hblinkstatus node2 eth9'],
  ...['hblinkstatus node2', 'hblinkstatus nosuch eth0', 'clientstatus node1 ipfail', 'clientstatus node2 ipfail 100'],
  ...[
    'clientstatus node1 nosuch',
    'clientstatus -m node2 ipfail',
    'clientstatus node2',
    'clientstatus nosuch ipfail',
    'rscstatus',
    'rscstatus -m',
  ],
  ...['hbparameter', 'hbparameter -p nosuch', 'hbparameter -m -p deadtime', 'bogus', '', '-m', 'nodestatus -x node1'],
  ...'apiauth auto_failback baud debug debugfile deadping deadtime hbversion hopfudge initdead keepalive logfacility logfile msgfmt nice_failback node normalpoll stonith udpport warntime watchdog cluster compression coredumps crm realtime autojoin rtprio bcast use_logd respawn uuidfrom hbgenmethod compression_threshold conn_logd_time log_badpack syslogmsgfmt max_rexmit_delay'
    .split(' ')
    .map((name) => `hbparameter -p ${name}`),
].map((line) => `cl_status ${line}`);

/** What heartbeat itself would have set. */
const quiet = 'HA_CURHOST=$(uname -n) ';

const managerLines = [
  ...['listkeys node1', 'listkeys node2', 'listkeys NODE1', 'listkeys nosuch', 'allkeys', 'ourkeys', 'otherkeys'],
  ...['status 192.168.1.100/24/eth0', 'status 192.168.1.101/24/eth0', 'status httpd', 'status nosuch', 'status'],
  ...['statgroup 192.168.1.100/24/eth0', 'statgroup nosuch', 'verifyallidle', '', 'bogus', 'takegroup', 'givegroup'],
].map((line) => `${quiet}${tools}/ResourceManager ${line}`);

/** Called wrongly: what scripts may test is that they fail, and with which code. */
const mistakenLines = [
  ...['hb_standby bogus', 'hb_standby all local', 'hb_standby --help', 'hb_standby -x', 'hb_takeover bogus'],
  ...['hb_takeover all local', 'hb_takeover --help', 'hb_addnode', 'hb_addnode --help', 'hb_delnode', 'hb_setweight'],
  ...['hb_setweight node2', 'hb_setweight node2 abc', 'hb_setweight nosuch 5', 'hb_setsite', 'hb_setsite node2'],
  ...['hb_setsite nosuch attic', 'req_resource', 'req_resource nosuch', 'mach_down', 'mach_down nosuch'],
].map((line) => `${tools}/${line}`);

async function start(host: Host): Promise<void> {
  cpSync('/etc/ha.d', host.configurationDirectory, { recursive: true });
  cpSync('/var/lib/heartbeat/cores', `${host.stateDirectory}/cores`, { recursive: true });
  cpSync(join(host.configurationDirectory, 'harc'), join(host.configurationDirectory, 'harc.stock'));
  host.writeFile('harc', notingHarc, 0o755);
  for (const name of ownHooks) host.writeFile(`rc.d/${name}`, '#!/bin/sh\nexit 0\n', 0o755);
  host.writeFile('resource.d/httpd', serviceScript, 0o755);
  host.writeConfiguration(configuration);
  await host.exec(['mkdir', '-p', '/run/heartbeat', '/run/resource-agents']);
  await host.spawn(['/usr/libexec/heartbeat/heartbeat', '-f']);
}

const configuration = {
  haCf: `logfile /var/log/ha-log
debugfile /var/log/ha-debug
keepalive 500ms
deadtime 5
warntime 2
initdead 12
deadping 6
udpport 694
bcast eth0
bcast eth1
ping 192.168.1.77
auto_failback off
respawn hacluster /usr/libexec/heartbeat/ipfail
node node1
node node2
`,
  haresources: 'node1 192.168.1.100/24/eth0 httpd\nnode2 192.168.1.101/24/eth0\n',
  authkeys: 'auth 1\n1 sha1 recording-only-key\n',
};

const serviceScript = `#!/bin/sh
case "$1" in
  start) : > /run/httpd.running ;;
  stop) rm -f /run/httpd.running ;;
  status) if [ -e /run/httpd.running ]; then echo running; else echo stopped; fi ;;
esac
`;

async function restingAt(host: Host, word: string): Promise<void> {
  const ask = async (): Promise<string> => (await host.exec(['cl_status', 'rscstatus'])).stdout.trim();
  await eventually(`${host.name} holds ${word}`, ask, (answer) => answer === word, 90_000);
}

/** Belongs to the shell that ran the hook, not to the contract. */
const notOfTheHook = new Set(['PWD', 'HOME', 'SHLVL', '_', 'OLDPWD', 'PATH', 'LC_ALL']);

const seen = new Set<string>();

function hookCalls(host: Host, when: string): HookCall[] {
  const calls = readdirSync(host.logDirectory)
    .filter((name) => name.startsWith('hook-') && !seen.has(`${host.name} ${name}`))
    .map((name) => {
      seen.add(`${host.name} ${name}`);
      const [args = '', uptime = '', ...lines] = readFileSync(join(host.logDirectory, name), 'utf8').split('\n');
      const environment: Record<string, string> = {};
      for (const line of lines) {
        const at = line.indexOf('=');
        if (at > 0 && !notOfTheHook.has(line.slice(0, at))) environment[line.slice(0, at)] = line.slice(at + 1);
      }
      return { at: Number(uptime.split(' ')[0]), call: { on: host.name, when, args: args.slice(5), environment } };
    });
  return calls.sort((left, right) => left.at - right.at).map(({ call }) => call);
}

await enterLab(import.meta.url, async () => {
  const lab = await createLab();
  const answers: Answer[] = [];
  const hooks: HookCall[] = [];
  const say = async (when: string, host: Host, line: string): Promise<void> => {
    const { code, stdout, stderr } = await host.exec(['sh', '-c', line]);
    // Its words of complaint and its usage are its own; what scripts can test for is the answer and the exit code.
    const out = stdout.startsWith('Usage:') ? 'usage' : stdout;
    answers.push({ on: host.name, when, line: line.replace(quiet, ''), code, out, complains: stderr !== '' });
  };
  const collect = (when: string): void => {
    for (const host of lab.hosts) hooks.push(...hookCalls(host, when));
  };
  try {
    await record(lab, say, collect);
  } finally {
    await lab.close();
  }
  process.stdout.write(`${JSON.stringify({ answers, hooks }, undefined, 1)}\n`);
  return 0;
});
