/**
 * One node of a mixed pair: a lab host on which either the real Heartbeat or Pairbeat runs, with the same files. The
 * software can be replaced while `/etc/ha.d` and `/var/lib/heartbeat` stay, as in a migration.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Host, HostConfiguration } from '../lab/host.ts';
import { sleep } from '../lab/machine.ts';
import type { LabProcess } from '../lab/processes.ts';
import { type LogLine, parseLog } from './log-lines.ts';
import { installServices } from './services.ts';
import { installHeartbeatFiles, type Kind, prepareRun, software } from './software.ts';

export type Scope = 'all' | 'local' | 'foreign';

/** A stretch of the log file that one kind of software wrote. Both write `/var/log/ha-log`. */
interface LogPart {
  readonly kind: Kind;
  readonly fromByte: number;
}

/** Everything that a node's disk has before any daemon starts. */
export function installNode(host: Host, configuration: HostConfiguration): void {
  installHeartbeatFiles(host);
  installServices(host);
  host.writeConfiguration(configuration);
}

export class PeerNode {
  readonly host: Host;
  readonly powerCutsUs: number[] = [];
  private kindNow: Kind;
  private daemon: LabProcess | undefined;
  private readonly logParts: LogPart[] = [];

  constructor(host: Host, kind: Kind, configuration: HostConfiguration) {
    this.host = host;
    this.kindNow = kind;
    installNode(host, configuration);
  }

  get name(): string {
    return this.host.name;
  }

  get kind(): Kind {
    return this.kindNow;
  }

  /** The daemon has been started and neither stopped nor lost its power. */
  get up(): boolean {
    return this.daemon !== undefined && this.host.running;
  }

  /** Starts the daemon in the foreground, as a service manager does, and boots the host before if it is off. */
  async start(): Promise<void> {
    if (!this.host.running) await this.host.boot();
    await prepareRun(this.host);
    this.noteSoftware();
    this.daemon = await this.host.spawn(software[this.kindNow].daemon);
  }

  /** SIGTERM, as a service manager does; answers the exit code once the daemon has ended. */
  async stop(timeoutMs = 60_000): Promise<number | null> {
    const daemon = this.running();
    daemon.kill('SIGTERM');
    const timeout = sleep(timeoutMs).then(() => {
      throw new Error(`${this.kindNow} on ${this.name} did not end within ${timeoutMs} ms of SIGTERM`);
    });
    const { code } = await Promise.race([daemon.exited, timeout]);
    this.daemon = undefined;
    return code;
  }

  /** SIGTERM without waiting: for a daemon that is expected to refuse. */
  askToStop(): void {
    this.running().kill('SIGTERM');
  }

  /** `undefined` while it runs. */
  async exitCode(): Promise<number | null | undefined> {
    return Promise.race([this.running().exited.then(({ code }) => code), sleep(0).then(() => undefined)]);
  }

  /** Power cut; answers when, in microseconds of the boot-time clock. */
  crash(): number {
    const atUs = this.host.crash();
    this.powerCutsUs.push(atUs);
    this.daemon = undefined;
    return atUs;
  }

  /** The other software from the next start on. The files stay. */
  replace(kind: Kind): void {
    if (this.daemon !== undefined) throw new Error(`stop ${this.kindNow} on ${this.name} first`);
    this.kindNow = kind;
  }

  standby(scope: Scope): Promise<void> {
    return this.request(software[this.kindNow].standby, scope);
  }

  takeover(scope: Scope): Promise<void> {
    return this.request(software[this.kindNow].takeover, scope);
  }

  /** What the node's own `cl_status rscstatus` says. */
  async view(): Promise<string> {
    if (!this.up) return 'down';
    const { stdout, stderr } = await this.host.exec([...software[this.kindNow].clStatus, 'rscstatus'], {
      timeoutMs: 15_000,
    });
    return stdout.trim() || stderr.trim();
  }

  /** `cl_status nodestatus` about a node. */
  async nodeStatus(name: string): Promise<string> {
    if (!this.up) return 'down';
    const { stdout } = await this.host.exec([...software[this.kindNow].clStatus, 'nodestatus', name], {
      timeoutMs: 15_000,
    });
    return stdout.trim();
  }

  async hasAddress(address: string): Promise<boolean> {
    if (!this.host.running) return false;
    const { stdout } = await this.host.exec(['ip', '-4', '-o', 'address', 'show']);
    return stdout.includes(` ${address}/`);
  }

  /** As in `/var/lib/heartbeat/hb_generation`. */
  generation(): number {
    return Number(readFileSync(join(this.host.stateDirectory, 'hb_generation'), 'utf8').trim());
  }

  /** What the software of a kind has logged on this host so far. */
  log(kind: Kind): LogLine[] {
    const file = this.logFile();
    if (!existsSync(file)) return [];
    const size = statSync(file).size;
    const text = this.logParts
      .map((part, index) => ({ ...part, toByte: this.logParts[index + 1]?.fromByte ?? size }))
      .filter((part) => part.kind === kind)
      .map(({ fromByte, toByte }) => readPart(file, fromByte, toByte))
      .join('');
    return parseLog(text);
  }

  private async request(command: readonly string[], scope: Scope): Promise<void> {
    const { code, stderr } = await this.host.exec([...command, scope]);
    if (code !== 0)
      throw new Error(`${command.at(-1)} ${scope} on ${this.name} (${this.kindNow}): ${code} ${stderr.trim()}`);
  }

  private noteSoftware(): void {
    if (this.logParts.at(-1)?.kind === this.kindNow) return;
    const file = this.logFile();
    this.logParts.push({ kind: this.kindNow, fromByte: existsSync(file) ? statSync(file).size : 0 });
  }

  private logFile(): string {
    return join(this.host.logDirectory, 'ha-log');
  }

  private running(): LabProcess {
    if (this.daemon === undefined) throw new Error(`nothing was started on ${this.name}`);
    return this.daemon;
  }
}

function readPart(file: string, fromByte: number, toByte: number): string {
  const bytes = Buffer.alloc(Math.max(0, toByte - fromByte));
  const fd = openSync(file, 'r');
  readSync(fd, bytes, 0, bytes.length, fromByte);
  closeSync(fd);
  return bytes.toString('utf8');
}
