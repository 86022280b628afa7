/** Pairbeat on the two hosts of a lab: start and stop it as an administrator would, and ask it how it is. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../../src/client/connection.ts';
import type { StatusReport } from '../../src/protocol/status.ts';
import { eventually } from './expect.ts';
import type { Host } from './host.ts';
import type { Lab } from './lab.ts';
import type { ExecResult, LabProcess } from './processes.ts';
import { installSeed, type SeedOptions } from './seed.ts';

const bin = join(import.meta.dirname, '..', '..', 'src', 'bin');

/** Argument array of one of the product's programs. */
export function program(name: string, ...args: readonly string[]): string[] {
  return [process.execPath, join(bin, `${name}.js`), ...args];
}

export class Pair {
  readonly lab: Lab;
  readonly options: SeedOptions;
  private readonly daemons = new Map<string, LabProcess>();

  /** Configures both hosts. */
  constructor(lab: Lab, options: SeedOptions) {
    this.lab = lab;
    this.options = options;
    for (const host of lab.hosts) installSeed(host, options);
  }

  /** Starts the daemon in the foreground, as a service manager does. */
  async start(host: Host): Promise<LabProcess> {
    const daemon = await host.spawn(program('heartbeat', '-f'));
    this.daemons.set(host.name, daemon);
    return daemon;
  }

  async startBoth(): Promise<void> {
    await Promise.all(this.lab.hosts.map((host) => this.start(host)));
    await this.settled();
  }

  daemon(host: Host): LabProcess {
    const daemon = this.daemons.get(host.name);
    if (daemon === undefined) throw new Error(`no daemon was started on ${host.name}`);
    return daemon;
  }

  /** SIGTERM, as a service manager does; answers the daemon's exit code. */
  async stop(host: Host): Promise<number | null> {
    const daemon = this.daemon(host);
    daemon.kill('SIGTERM');
    return (await daemon.exited).code;
  }

  run(host: Host, name: string, ...args: readonly string[]): Promise<ExecResult> {
    return host.exec(program(name, ...args));
  }

  /** `undefined` while nobody answers. */
  async status(host: Host): Promise<StatusReport | undefined> {
    if (!host.running) return undefined;
    const runDirectory = host.path('/run/heartbeat');
    if (!existsSync(runDirectory)) return undefined;
    const answer = await ask(runDirectory, 'status', {}, { timeoutMs: 2000 });
    return answer.ok ? (answer.value as StatusReport) : undefined;
  }

  /** Waits until every running host sees all of them active and no group is on its way. */
  async settled(timeoutMs = 30_000): Promise<void> {
    for (const host of this.lab.hosts.filter((one) => one.running && this.daemons.has(one.name))) {
      await eventually(
        `${host.name} sees both nodes active and its groups at rest`,
        () => this.status(host),
        (report) => report !== undefined && isAtRest(report),
        timeoutMs,
      );
    }
  }

  /** What the web server's script was asked on a host, oldest first: seconds since boot and action. */
  httpdActions(host: Host): Array<{ readonly atUs: number; readonly action: string }> {
    const file = join(host.logDirectory, 'httpd-actions');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trim().split('\n').filter(Boolean);
    return lines.map((line) => {
      const [seconds, action] = line.split(' ');
      return { atUs: Number(seconds) * 1e6, action: action! };
    });
  }

  httpdRuns(host: Host): boolean {
    return host.running && existsSync(host.path('/run/httpd.running'));
  }
}

function isAtRest(report: StatusReport): boolean {
  const moving = report.groups.some((group) =>
    Object.values(group.holdings).some((word) => word.endsWith('ing') && word !== 'running'),
  );
  return report.nodes.every((node) => node.status === 'active') && report.resourceStatus !== 'transition' && !moving;
}
