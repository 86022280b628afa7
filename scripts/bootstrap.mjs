/**
 * Brings a fresh clone to the point where its programs run, with nothing but Node.js and npm: dependencies, build, and
 * the few system packages of the lab. Plain JavaScript on purpose: nothing is built or installed when it starts.
 *
 *   node scripts/bootstrap.mjs              dependencies and build
 *   node scripts/bootstrap.mjs FILE [...]   the same with system packages, then `node FILE ...`
 *   node scripts/bootstrap.mjs --with-heartbeat3 FILE [...]   also with the Debian package of the real Heartbeat 3.0.6
 *   node scripts/bootstrap.mjs --with-crm-simulate FILE [...]   also with the simulator of Pacemaker's scheduler
 *   node scripts/bootstrap.mjs --with-ipmi FILE [...]   also with a simulator of management boards and what drives them
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Commands of the lab (test/lab/enter.ts) and of the demo, with the Debian packages that bring them. */
const systemCommands = [
  ['ip', 'iproute2'],
  ['nft', 'nftables'],
  ['unshare', 'util-linux'],
  ['nsenter', 'util-linux'],
  ['setpriv', 'util-linux'],
  ['mount', 'mount'],
  ['hostname', 'hostname'],
  ['ps', 'procps'],
];

/** The real Heartbeat as the other node. Only for who asks for it: it is a cluster manager, and nobody wants two. */
const heartbeat3Commands = [
  ['cl_respawn', 'heartbeat'],
  ['ocf-tester', 'resource-agents'],
];

/** A simulator of management boards, and the fence agents and scripts that drive real ones. */
const ipmiCommands = [
  ['ipmi_sim', 'openipmi'],
  ['ipmitool', 'ipmitool'],
  ['fence_ipmilan', 'fence-agents'],
  ['stonith', 'cluster-glue'],
];

/** Pacemaker's simulator, to measure and compare decisions with. It starts nothing and brings no cluster. */
const crmSimulateCommands = [['crm_simulate', 'pacemaker-cli-utils']];

const packageOptions = new Map([
  ['--with-heartbeat3', heartbeat3Commands],
  ['--with-ipmi', ipmiCommands],
  ['--with-crm-simulate', crmSimulateCommands],
]);

/** `npm ci` when there are no dependencies yet or the lock file is newer than they are. */
export function ensureDependencies() {
  const modules = join(root, 'node_modules');
  // A link to another checkout's: `npm ci` would empty that one.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const installed = join(modules, '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  say('installing the dependencies (npm ci)');
  // The build follows as a step of its own; no dependency needs its install script.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
}

export function ensureBuild() {
  run('npm', ['run', '--silent', 'build']);
}

/** Installs what is missing where that is possible, otherwise says what is missing. Never fails: the lab will say why. */
export function ensureSystemPackages(more = []) {
  const missing = [...systemCommands, ...more].filter(([command]) => !isCommand(command));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  const commands = missing.map(([command]) => command).join(', ');
  const canInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version') && isCommand('apt-get');
  if (!canInstall) {
    say(`missing commands: ${commands}. On Debian and Ubuntu, as root: apt-get install ${packages.join(' ')}`);
    return;
  }
  say(`missing commands: ${commands}. Installing the Debian packages ${packages.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env };
  spawnSync('apt-get', ['update', '-qq'], quiet);
  const result = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
  if (result.status !== 0) say('the installation failed; what needs these commands will be skipped and say so');
}

export function say(text) {
  process.stderr.write(`pairbeat: ${text}\n`);
}

/** Runs a command to its end in the project's directory; a failure ends this program with the same exit code. */
function run(command, args) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status === 0) return;
  say(`${command} ${args.join(' ')} failed${result.error ? `: ${result.error.message}` : ''}`);
  process.exit(result.status ?? 1);
}

function isCommand(name) {
  const path = `${process.env.PATH ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`;
  return path.split(delimiter).some((directory) => directory !== '' && existsSync(join(directory, name)));
}

function runProgram(file, args) {
  const child = spawn(process.execPath, [join(root, file), ...args], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to the child as well; it tidies up and its exit code is the answer.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const more = packageOptions.get(process.argv[2]);
  const [file, ...args] = process.argv.slice(more === undefined ? 2 : 3);
  ensureDependencies();
  if (file !== undefined) ensureSystemPackages(more);
  ensureBuild();
  if (file !== undefined) runProgram(file, args);
}
