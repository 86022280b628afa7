/**
 * One machine of the lab: a process tree of its own (network, mount, pid and host name namespaces) plugged into the
 * lab's bridges. `crash` is a power cut: every port is cut and every process killed within some microseconds, so that
 * nobody can say goodbye. Disks (`/etc/ha.d`, `/var/lib/heartbeat`, `/var/log`) survive a reboot, `/run` does not.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { bootTimeUs } from './libc.ts';
import { machineInit } from './machine-init.ts';
import { type ExecResult, exec, execOrThrow, type LabProcess, type SpawnOptions, spawnInside } from './processes.ts';
import { storageDirectory } from './storage.ts';
import { isPort, setPortsForwarding } from './switch-port.ts';

export interface MachineOptions {
  readonly name: string;
  /** Device to its addresses with prefix length; IPv6 ones are added without duplicate address detection. */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** A private `/usr/lib/ocf`, so that a test can bring OCF agents of its own. */
  readonly ownOcfDirectory?: boolean;
}

export interface MachinePlace {
  readonly labNumber: number;
  readonly index: number;
  /** Device name to the bridge it is plugged into. */
  readonly bridges: Readonly<Record<string, string>>;
}

export type CutDirection = 'both' | 'in' | 'out';

export interface ProcessInMachine {
  /** As the lab sees it: the number to send signals to. */
  readonly pid: number;
  readonly argv: readonly string[];
}

/** The first process sleeps this long between its waits; its sleep is not one of the machine's own processes. */
const idleSeconds = '2147483647';

type InitProcess = ChildProcessByStdio<Writable, Readable, Readable>;

export class Machine {
  readonly name: string;
  readonly storage: string;
  private readonly options: MachineOptions;
  private readonly place: MachinePlace;
  private generation = 0;
  private wrapper: InitProcess | undefined;
  private initPid: number | undefined;

  constructor(options: MachineOptions, place: MachinePlace) {
    this.name = options.name;
    this.options = options;
    this.place = place;
    this.storage = storageDirectory(`lab${place.labNumber}`, options.name);
  }

  get devices(): string[] {
    return Object.keys(this.options.addresses);
  }

  get running(): boolean {
    return this.initPid !== undefined;
  }

  /** The pid of the machine's first process as the lab sees it. */
  get pid(): number {
    if (this.initPid === undefined) throw new Error(`${this.name} is not running`);
    return this.initPid;
  }

  /** The machine's view of a path, opened from outside: sockets and files below it can be used directly. */
  path(absolute: string): string {
    return join(`/proc/${this.pid}/root`, absolute);
  }

  macAddress(device: string): string {
    const hex = (number: number) => number.toString(16).padStart(2, '0');
    const deviceIndex = this.devices.indexOf(device);
    return `02:50:62:${hex(this.place.labNumber)}:${hex(this.place.index)}:${hex(deviceIndex)}`;
  }

  async boot(): Promise<void> {
    if (this.running) throw new Error(`${this.name} is already running`);
    this.generation += 1;
    mkdirSync(this.storage, { recursive: true });
    writeFileSync(join(this.storage, 'network'), this.networkInside());
    const init = join(this.storage, 'init');
    writeFileSync(init, machineInit);
    const namespaces = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child', '--mount-proc'];
    const wrapper = spawn('unshare', [...namespaces, '--', 'sh', init], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: this.initEnvironment(),
    });
    wrapper.on('exit', () => {
      if (this.wrapper === wrapper) this.forget();
    });
    await expectLine(wrapper, 'mounted', this.name);
    this.wrapper = wrapper;
    this.initPid = onlyChildOf(wrapper.pid!);
    try {
      await execOrThrow('ip', ['-batch', '-'], this.networkOutside());
      wrapper.stdin.write('go\n');
      await expectLine(wrapper, 'ready', this.name);
    } catch (error) {
      // Half a machine must not count as one that runs.
      if (this.wrapper === wrapper) this.crash();
      throw error;
    }
  }

  /** Power cut. Answers the boot-time instant in microseconds at which the cables were dead. */
  crash(): number {
    const pid = this.pid;
    // In the middle of its boot it has no cables yet.
    setPortsForwarding(this.devices.map((device) => this.port(device)).filter(isPort), false);
    const atUs = bootTimeUs();
    process.kill(pid, 'SIGKILL');
    this.forget();
    return atUs;
  }

  async reboot(): Promise<void> {
    if (this.running) this.crash();
    await this.boot();
  }

  /** Ends everything with SIGTERM as a machine that shuts down does, then powers off. */
  async stopGracefully(timeoutMs = 20_000): Promise<void> {
    for (const { pid } of this.processes()) sendSignal(pid, 'SIGTERM');
    const giveUpAt = Date.now() + timeoutMs;
    while (this.processes().length > 0 && Date.now() < giveUpAt) await sleep(10);
    this.crash();
  }

  /**
   * Cuts a cable. `both`: at the switch, at once, the carrier stays. `in`, `out`: only frames towards the machine, or
   * only frames from it, are dropped.
   */
  async cut({ device, direction = 'both' }: { device: string; direction?: CutDirection }): Promise<number> {
    const port = this.port(device);
    if (direction === 'both') {
      setPortsForwarding([port], false);
      return bootTimeUs();
    }
    const hook = direction === 'out' ? 'ingress' : 'egress';
    const chain = `type filter hook ${hook} device "${port}" priority 0\ndrop`;
    await execOrThrow('nft', [`table netdev cut_${port}_${direction} {\nchain c {\n${chain}\n}\n}`]);
    return bootTimeUs();
  }

  /** Undoes every cut of a device; answers when. */
  async heal({ device }: { device: string }): Promise<number> {
    const port = this.port(device);
    for (const direction of ['in', 'out']) await exec('nft', ['delete', 'table', 'netdev', `cut_${port}_${direction}`]);
    setPortsForwarding([port], true);
    return bootTimeUs();
  }

  /** Every cable of the machine at the same instant. */
  isolate(connected: boolean): number {
    setPortsForwarding(
      this.devices.map((device) => this.port(device)),
      connected,
    );
    return bootTimeUs();
  }

  /** Runs a command to its end. */
  exec(
    argv: readonly string[],
    options: SpawnOptions & { timeoutMs?: number; input?: string } = {},
  ): Promise<ExecResult> {
    const [command, args] = this.enter(argv);
    return exec(command, args, options.input, options);
  }

  /** Starts a command and leaves it running; output goes to a file in the machine's `/var/log`. */
  spawn(argv: readonly string[], options: SpawnOptions = {}): Promise<LabProcess> {
    return spawnInside(this.pid, argv, { logDirectory: join(this.storage, 'log'), ...options });
  }

  /** Every process of the machine but its first one. */
  processes(): ProcessInMachine[] {
    if (this.initPid === undefined) return [];
    const namespace = readlinkSync(`/proc/${this.initPid}/ns/pid`);
    const found: ProcessInMachine[] = [];
    for (const entry of readdirSync('/proc')) {
      const pid = Number(entry);
      if (!Number.isInteger(pid) || pid === this.initPid) continue;
      const argv = argvOf(pid, namespace);
      if (argv !== undefined && argv[1] !== idleSeconds) found.push({ pid, argv });
    }
    return found;
  }

  /** Suspends one process, or all of the machine. */
  pause(pid?: number): void {
    for (const target of pid === undefined ? this.processes().map((one) => one.pid) : [pid])
      sendSignal(target, 'SIGSTOP');
  }

  resume(pid?: number): void {
    for (const target of pid === undefined ? this.processes().map((one) => one.pid) : [pid])
      sendSignal(target, 'SIGCONT');
  }

  /** Name of the bridge port that a device is plugged into. */
  port(device: string): string {
    const { labNumber, index } = this.place;
    return `p${labNumber}m${index}g${this.generation % 1000}${device}`.slice(0, 15);
  }

  private enter(argv: readonly string[]): [string, string[]] {
    return ['nsenter', ['--target', String(this.pid), '--net', '--mount', '--pid', '--uts', '--ipc', '--', ...argv]];
  }

  private initEnvironment(): NodeJS.ProcessEnv {
    const ocf = this.options.ownOcfDirectory === true ? 'yes' : '';
    // The last one is for whoever looks for a machine from outside: which program it belongs to.
    const program = basename(process.argv[1] ?? '');
    const store = { LAB_NAME: this.name, LAB_STORE: this.storage, LAB_OCF: ocf };
    return { PATH: process.env['PATH'], ...store, LAB_PROGRAM: program };
  }

  private networkOutside(): string {
    const lines = this.devices.flatMap((device) => [
      `link add ${this.port(device)} type veth peer name ${device} netns ${this.pid}`,
      `link set ${this.port(device)} master ${this.place.bridges[device]!} up`,
    ]);
    return `${lines.join('\n')}\n`;
  }

  private networkInside(): string {
    const lines = ['link set lo up'];
    for (const device of this.devices) {
      lines.push(`link set ${device} address ${this.macAddress(device)}`, `link set ${device} up`);
      for (const address of this.options.addresses[device]!) {
        lines.push(`addr add ${address} dev ${device} ${address.includes(':') ? 'nodad' : 'broadcast +'}`);
      }
    }
    return `${lines.join('\n')}\n`;
  }

  private forget(): void {
    this.wrapper = undefined;
    this.initPid = undefined;
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}

function argvOf(pid: number, namespace: string): string[] | undefined {
  try {
    if (readlinkSync(`/proc/${pid}/ns/pid`) !== namespace) return undefined;
    if (/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return undefined;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return undefined;
  }
}

/** Children as the kernel lists them; the wrappers used here have exactly one. */
export function onlyChildOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  if (children.length !== 1) throw new Error(`process ${pid} has ${children.length} children instead of one`);
  return Number(children[0]);
}

function expectLine(wrapper: InitProcess, expected: string, machineName: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    const onData = (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes(`${expected}\n`)) return;
      wrapper.stdout.off('data', onData);
      resolve();
    };
    wrapper.stdout.on('data', onData);
    wrapper.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString().slice(0, 2000);
    });
    wrapper.once('exit', (code, signal) => {
      reject(new Error(`${machineName} did not boot (${code ?? signal}): ${errors.trim()}`));
    });
  });
}
